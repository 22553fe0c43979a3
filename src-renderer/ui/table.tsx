import { ArrowDown, ArrowUp } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import "./table.css";

export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  readonly align?: "start" | "end";
  readonly sortable?: boolean;
  readonly cell: (row: Row) => ReactNode;
}

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

export interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly selected?: ((row: Row) => boolean) | undefined;
  readonly onRowClick?: ((row: Row, event: React.MouseEvent) => void) | undefined;
  readonly sorting?: Sorting | undefined;
  readonly onSort?: ((column: string) => void) | undefined;
}

/** For up to a few hundred rows; the caller sorts. Longer lists virtualise themselves. */
export function Table<Row>(props: TableProps<Row>): ReactNode {
  const { label, columns, rows, rowKey, selected, onRowClick } = props;
  return (
    <table className="table" aria-label={label}>
      <thead>
        <tr>
          {columns.map((column) => (
            <HeadCell key={column.id} column={column} {...props} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr
            key={rowKey(row)}
            className={cx(onRowClick !== undefined && "table__row--click")}
            aria-selected={selected?.(row)}
            onClick={onRowClick === undefined ? undefined : (event) => onRowClick(row, event)}
          >
            {columns.map((column) => (
              <td key={column.id} className={cx(column.align === "end" && "table__end")}>
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface HeadCellProps<Row> extends TableProps<Row> {
  readonly column: Column<Row>;
}

function HeadCell<Row>({ column, sorting, onSort }: HeadCellProps<Row>): ReactNode {
  const active = sorting?.column === column.id;
  const direction = sorting?.descending === true ? "descending" : "ascending";
  return (
    <th
      scope="col"
      className={cx(column.align === "end" && "table__end")}
      aria-sort={active ? direction : undefined}
    >
      {column.sortable === true && onSort !== undefined ? (
        <button type="button" className="table__sort" onClick={() => onSort(column.id)}>
          {column.label}
          {active ? direction === "descending" ? <ArrowDown /> : <ArrowUp /> : null}
        </button>
      ) : (
        column.label
      )}
    </th>
  );
}
