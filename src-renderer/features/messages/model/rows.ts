/** Nodes down the screen: which line belongs to whom, and where it is. */

export interface RowLayout {
  /** From top to bottom. */
  readonly ids: readonly string[];
  readonly rowHeight: number;
  /** Pixels between the first line and the top of the drawing when it is not scrolled. */
  readonly firstY: number;
}

/** Lines closer than this cannot be told apart: from there on the drawing scrolls. */
export const MIN_ROW_PX = 16;
/** Further apart than this, arrows get so flat that nobody sees their slope. */
export const MAX_ROW_PX = 150;

export function layoutRows(ids: readonly string[], height: number): RowLayout {
  const wanted = height / Math.max(1, ids.length);
  const rowHeight = Math.min(MAX_ROW_PX, Math.max(MIN_ROW_PX, wanted));
  return { ids, rowHeight, firstY: rowHeight / 2 };
}

/** The nodes that have a line: all in the order of the mesh, or only the chosen ones. */
export function shownIds(
  all: readonly string[],
  chosen: ReadonlySet<string>,
  onlyChosen: boolean,
): readonly string[] {
  if (!onlyChosen) return all;
  return all.filter((id) => chosen.has(id));
}

/** How far down a drawing of this layout can be scrolled, pixels. */
export function maxScroll(layout: RowLayout, height: number): number {
  return Math.max(0, layout.ids.length * layout.rowHeight - height);
}

export function yOfRow(layout: RowLayout, row: number, scroll: number): number {
  return layout.firstY + row * layout.rowHeight - scroll;
}

/** For each of the store's node numbers its line; -1: it has none. */
export function rowsOfNodes(layout: RowLayout, nodes: readonly string[]): Int32Array {
  const rows = new Map(layout.ids.map((id, row) => [id, row]));
  return Int32Array.from(nodes, (id) => rows.get(id) ?? -1);
}
