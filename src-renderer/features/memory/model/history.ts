/** The changes of one key, picked from the event stream: the view keeps only what is held now. */
import { type MeshEventOf, parseMeshEvent } from "#shared/contract/events.ts";

export type KeyChange = Pick<
  MeshEventOf<"memory.changed">,
  "seq" | "at" | "node" | "values" | "version" | "cause"
>;

export const MAX_CHANGES = 200;

/** Events of other kinds are passed over unread: most of a stream is. */
export function changesOf(
  events: readonly unknown[],
  namespace: string,
  key: string,
): readonly KeyChange[] {
  const found: KeyChange[] = [];
  for (const raw of events) {
    if (!isChange(raw, namespace, key)) continue;
    const event = parseMeshEvent(raw);
    if (event.type !== "memory.changed") continue;
    const { seq, at, node, values, version, cause } = event;
    found.push({ seq, at, node, values, version, cause });
  }
  return found;
}

function isChange(raw: unknown, namespace: string, key: string): boolean {
  if (typeof raw !== "object" || raw === null) return false;
  const event: { type?: unknown; namespace?: unknown; key?: unknown } = raw;
  return event.type === "memory.changed" && event.namespace === namespace && event.key === key;
}

export interface ChangeGroup {
  readonly seq: number;
  readonly at: number;
  readonly values: readonly string[];
  readonly cause: KeyChange["cause"];
  /** In the order in which they came to hold it. */
  readonly nodes: readonly string[];
}

/** One line for a value that went from node to node; newest first. */
export function groupChanges(changes: readonly KeyChange[]): readonly ChangeGroup[] {
  const groups: (ChangeGroup & { nodes: string[]; readonly content: string })[] = [];
  for (const { seq, at, node, values, version, cause } of changes) {
    const content = JSON.stringify([version, values]);
    const group = groups.findLast((each) => each.content === content);
    if (group !== undefined && !group.nodes.includes(node)) group.nodes.push(node);
    else groups.push({ seq, at, values, cause, nodes: [node], content });
  }
  return groups.reverse();
}
