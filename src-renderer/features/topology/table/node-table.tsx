import { healthOf, HEALTH_ORDER } from "#shared/view/health.ts";
import type { MeshView } from "#shared/view/model.ts";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import {
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { sameList, useMesh } from "../../../app/hooks/use-mesh.ts";
import { useSelection } from "../../../app/hooks/use-stores.ts";
import { cx } from "../../../ui/cx.ts";
import type { TopologyGraph } from "../use-graph.ts";
import { NodeCells } from "./node-cells.tsx";
import { sortRows, TABLE_COLUMNS, type TableColumn, type TableRow } from "./sort.ts";
import "./node-table.css";

const ROW_HEIGHT = 32;
const NUMERIC: ReadonlySet<TableColumn> = new Set([
  "incarnation",
  "doubted",
  "degree",
  "received",
  "sent",
]);

interface Order {
  readonly column: TableColumn;
  readonly descending: boolean;
}

/** The graph's twin for keyboards, screen readers and large meshes: same nodes, same selection. */
export function NodeTable({ graph }: { readonly graph: TopologyGraph }): ReactNode {
  const { t } = useTranslation("topology");
  const [order, setOrder] = useState<Order>({ column: "health", descending: false });
  const ids = useSortedIds(graph, order);
  const body = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the virtualiser keeps its own state by design
  const rows = useVirtualizer({
    count: ids.length,
    getScrollElement: () => body.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const { onRowClick, onRowKey } = useRowSelection(ids, (index) => rows.scrollToIndex(index));
  return (
    <div
      className="node-table"
      role="grid"
      aria-label={t("table.label")}
      aria-rowcount={ids.length + 1}
      aria-multiselectable
    >
      <div className="node-table__head" role="row" aria-rowindex={1}>
        {TABLE_COLUMNS.map((column) => (
          <HeadCell key={column} column={column} order={order} onOrder={setOrder} />
        ))}
      </div>
      <div className="node-table__body" ref={body} role="rowgroup">
        <div
          className="node-table__all"
          style={{ height: rows.getTotalSize() }}
          role="presentation"
        >
          {rows.getVirtualItems().map((item) => (
            <Row
              key={ids[item.index]}
              id={ids[item.index] ?? ""}
              index={item.index}
              top={item.start}
              onClick={onRowClick}
              onKeyDown={onRowKey}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

interface HeadCellProps {
  readonly column: TableColumn;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
}

function HeadCell({ column, order, onOrder }: HeadCellProps): ReactNode {
  const { t } = useTranslation("topology");
  const active = order.column === column;
  const direction = order.descending ? "descending" : "ascending";
  return (
    <div
      role="columnheader"
      className={cx("node-table__cell", NUMERIC.has(column) && "node-table__cell--end")}
      aria-sort={active ? direction : "none"}
    >
      <button
        type="button"
        className="node-table__sort"
        onClick={() =>
          onOrder({ column, descending: active ? !order.descending : NUMERIC.has(column) })
        }
      >
        {t(`table.${column}`)}
        {active ? order.descending ? <ArrowDown aria-hidden /> : <ArrowUp aria-hidden /> : null}
      </button>
    </div>
  );
}

interface RowProps {
  readonly id: string;
  readonly index: number;
  readonly top: number;
  readonly onClick: (index: number, event: MouseEvent) => void;
  readonly onKeyDown: (index: number, event: KeyboardEvent<HTMLElement>) => void;
}

function Row({ id, index, top, onClick, onKeyDown }: RowProps): ReactNode {
  const selected = useSelection((state) => state.nodes.has(id));
  return (
    <div
      role="row"
      tabIndex={0}
      data-row={index}
      className={cx("node-table__row", selected && "is-selected")}
      aria-selected={selected}
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)` }}
      onClick={(event) => onClick(index, event)}
      onKeyDown={(event) => onKeyDown(index, event)}
    >
      <NodeCells id={id} numeric={NUMERIC} />
    </div>
  );
}

/** The same array while the order stands; sorted anew at most four times a second. */
function useSortedIds(graph: TopologyGraph, { column, descending }: Order): readonly string[] {
  const { drawn, found } = graph;
  const select = useMemo(() => {
    const shown = drawn.nodes
      .flatMap((node) => node.members)
      .filter((id) => found === undefined || found.has(id));
    return (view: MeshView): readonly string[] => {
      const rows = shown.flatMap((id): TableRow[] => {
        const node = view.nodes.get(id);
        if (node === undefined) return [];
        const health = healthOf(node);
        return [{ node, health, severity: HEALTH_ORDER.indexOf(health) }];
      });
      return sortRows(rows, column, descending).map((row) => row.node.id);
    };
  }, [drawn, found, column, descending]);
  return useMesh(select, SLOW);
}

const SLOW = { pace: "slow" as const, isEqual: sameList<string> };

/** Click selects, Ctrl adds, Shift extends; arrows, J and K move. */
function useRowSelection(ids: readonly string[], scrollTo: (index: number) => void) {
  const { selection, prefs } = useApp();
  const anchor = useRef(0);
  const pick = (
    index: number,
    keys: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean },
  ): void => {
    const { selectNode, selectNodes } = selection.getState();
    const id = ids[index];
    if (id === undefined) return;
    if (keys.shiftKey) {
      const [low, high] = [Math.min(index, anchor.current), Math.max(index, anchor.current)];
      selectNodes(ids.slice(low, high + 1));
      return;
    }
    anchor.current = index;
    selectNode(id, keys.ctrlKey || keys.metaKey ? "toggle" : "replace");
  };
  const onRowKey = (index: number, event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(ids.length - 1, index + step));
      const list = event.currentTarget.parentElement;
      scrollTo(next);
      requestAnimationFrame(() =>
        list?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus(),
      );
      if (event.shiftKey) pick(next, event);
    } else if (event.key === "Enter" || event.key === " ") {
      pick(index, event);
      if (event.key === "Enter") prefs.getState().change({ inspectorOpen: true });
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return { onRowClick: pick, onRowKey };
}
