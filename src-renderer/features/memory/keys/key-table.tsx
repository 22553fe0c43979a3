import { useVirtualizer } from "@tanstack/react-virtual";
import { CircleCheck, KeyRound, Split, TriangleAlert } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { NamespaceView } from "#shared/view/state-model.ts";
import type { MemoryMode } from "#shared/contract/state-events.ts";
import { useMeshStore, useMeshVersion, useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { SearchInput, Select } from "../../../ui/field.tsx";
import { formatDuration } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { useMemory, useMemoryStore } from "../context.ts";
import { entryRows, type KeyRow, keyRows } from "../model/key-rows.ts";
import { useEntries } from "./use-entries.ts";
import { Values } from "./values.tsx";

const ROW_HEIGHT = 34;
const MAX_VALUE = 80;

export interface SpaceProps {
  readonly space: NamespaceView;
}

/** All keys of a namespace, as all nodes told of them or as one node holds them. */
export function KeyTable({ space }: SpaceProps): ReactNode {
  const { t } = useTranslation("memory");
  const mesh = useMeshStore();
  const store = useMemoryStore();
  const search = useMemory((state) => state.search);
  const wanted = useMemory((state) => state.seenFrom);
  const nodes = useNodeIds();
  const seenFrom = wanted !== undefined && nodes.includes(wanted) ? wanted : undefined;
  const { entries, skipped, refused } = useEntries(seenFrom);
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const rows =
    seenFrom === undefined
      ? keyRows(mesh.view, space.name, search)
      : entryRows(entries, space.name, search);
  return (
    <section className="keys" aria-label={t("keys.title", { namespace: space.name })}>
      <div className="toolbar">
        <SearchInput
          label={t("keys.search")}
          value={search}
          onChange={(next) => store.getState().change({ search: next })}
        />
        <label className="row keys__from">
          <span className="muted">{t("keys.from")}</span>
          <Select
            value={seenFrom ?? ""}
            options={[
              { value: "", label: t("keys.everybody") },
              ...nodes.map((id) => ({ value: id, label: id })),
            ]}
            onChange={(id) => store.getState().change({ seenFrom: id === "" ? undefined : id })}
          />
        </label>
        <span className="toolbar__spacer" />
        <span className="muted">
          {t("keys.count", { count: rows.length, of: space.keys.size })}
        </span>
      </div>
      {refused === undefined ? null : <p className="keys__note">{refused}</p>}
      {skipped === 0 ? null : <p className="keys__note">{t("keys.skipped", { count: skipped })}</p>}
      {rows.length === 0 ? (
        <NoKeys space={space} filtered={search !== "" && space.keys.size > 0} />
      ) : (
        <Rows rows={rows} mode={space.mode} now={mesh.view.at} />
      )}
    </section>
  );
}

interface NoKeysProps extends SpaceProps {
  readonly filtered: boolean;
}

function NoKeys({ space, filtered }: NoKeysProps): ReactNode {
  const { t } = useTranslation("memory");
  const store = useMemoryStore();
  const { change, ask } = store.getState();
  return (
    <EmptyState
      icon={<KeyRound />}
      title={t(filtered ? "keys.noneFound" : "keys.none", { namespace: space.name })}
      text={
        filtered ? undefined : t(space.mode === "strong" ? "keys.trySplitStrong" : "keys.trySplit")
      }
      action={
        filtered ? (
          <Button onClick={() => change({ search: "" })}>{t("keys.clear")}</Button>
        ) : (
          <Button onClick={() => ask("form", "write")}>{t("keys.first")}</Button>
        )
      }
    />
  );
}

interface RowsProps {
  readonly rows: readonly KeyRow[];
  readonly mode: MemoryMode | undefined;
  readonly now: number;
}

function Rows({ rows, mode, now }: RowsProps): ReactNode {
  const { t } = useTranslation("memory");
  const { pick } = useMemoryStore().getState();
  const chosen = useMemory((state) => state.key);
  const body = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- the virtualiser keeps its own state by design
  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => body.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const onKeyDown = (index: number, event: KeyboardEvent<HTMLElement>): void => {
    const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
    if (step !== undefined) {
      const next = Math.max(0, Math.min(rows.length - 1, index + step));
      list.scrollToIndex(next);
      requestAnimationFrame(() =>
        body.current?.querySelector<HTMLElement>(`[data-row="${next}"]`)?.focus(),
      );
    } else if (event.key === "Enter" || event.key === " ") {
      pick(rows[index]?.key);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      className="key-table"
      role="grid"
      aria-label={t("keys.label")}
      aria-rowcount={rows.length + 1}
    >
      <div className="key-table__head" role="row" aria-rowindex={1}>
        {(["key", "value", "expires", "agree"] as const).map((column) => (
          <div key={column} role="columnheader" className="key-table__cell">
            {t(`keys.${column}`)}
          </div>
        ))}
      </div>
      <div className="key-table__body" ref={body} role="rowgroup">
        <div className="key-table__all" role="presentation" style={{ height: list.getTotalSize() }}>
          {list.getVirtualItems().map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <div
                key={row.key}
                role="row"
                tabIndex={0}
                data-row={index}
                className={cx("key-table__row", row.key === chosen && "is-selected")}
                aria-selected={row.key === chosen}
                aria-rowindex={index + 2}
                style={{ transform: `translateY(${start}px)` }}
                onClick={() => pick(row.key)}
                onKeyDown={(event) => onKeyDown(index, event)}
              >
                <Cells row={row} mode={mode} now={now} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface CellsProps extends Omit<RowsProps, "rows"> {
  readonly row: KeyRow;
}

function Cells({ row, mode, now }: CellsProps): ReactNode {
  const { key, values, siblings, expiresAt } = row;
  return (
    <>
      <span role="gridcell" className="key-table__cell key-table__cell--key truncate" title={key}>
        {cleanText(key, MAX_VALUE)}
      </span>
      <span role="gridcell" className="key-table__cell truncate">
        <Values mode={mode} values={values} max={MAX_VALUE} />
        {siblings ? <Siblings count={values.length} /> : null}
      </span>
      <span role="gridcell" className="key-table__cell">
        <Expiry at={expiresAt} now={now} />
      </span>
      <span role="gridcell" className="key-table__cell">
        <Agreement row={row} />
      </span>
    </>
  );
}

/** The word is for those who hear it: the column is narrow, and the values are worth more. */
function Siblings({ count }: { readonly count: number }): ReactNode {
  const { t } = useTranslation("memory");
  const words = t("keys.siblings", { count });
  return (
    <Badge tone="suspect" icon={<Split aria-hidden />} title={words}>
      <span aria-hidden>{count}</span>
      <span className="visually-hidden">{words}</span>
    </Badge>
  );
}

interface ExpiryProps {
  readonly at: number | undefined;
  readonly now: number;
}

/** In mesh time: it stands still while the mesh is paused. */
function Expiry({ at, now }: ExpiryProps): ReactNode {
  if (at === undefined) return <span className="muted">—</span>;
  return formatDuration(Math.max(0, at - now));
}

function Agreement({ row: { differing } }: { readonly row: KeyRow }): ReactNode {
  const { t } = useTranslation("memory");
  if (differing === undefined) return <span className="muted">—</span>;
  const same = differing === 0;
  return (
    <span className={cx("agreement", !same && "agreement--differs")}>
      {same ? <CircleCheck aria-hidden /> : <TriangleAlert aria-hidden />}
      {same ? t("keys.same") : t("keys.differs", { count: differing })}
    </span>
  );
}
