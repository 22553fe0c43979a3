import { ArrowLeftRight, Columns2, GitFork } from "lucide-react";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { MeshListing } from "#shared/contract/protocol.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { IconButton } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { Select } from "../../../ui/field.tsx";
import { formatAt } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { RunButton } from "../run-button.tsx";
import { runsStore } from "../store.ts";
import { DivergencePanel } from "./divergence-panel.tsx";
import { NodeTable } from "./node-table.tsx";
import { compareViews } from "./nodes.ts";
import { type Chosen, choosePair, commonPast, commonSpan } from "./pick.ts";
import { TimeCursor } from "./time-cursor.tsx";
import { Totals } from "./totals.tsx";
import { useSnapshots } from "./use-snapshots.ts";

const NONE: readonly MeshListing[] = [];

/** Two meshes at one moment: most of all a fork and what it was forked from. */
export function CompareTab(): ReactNode {
  const { t } = useTranslation("runs");
  const listings = useConsole((state) => state.listings) ?? NONE;
  const active = useConsole((state) => state.active);
  const pair = useStore(runsStore, (state) => state.pair);
  const chosen = choosePair(listings, pair, active);
  if (chosen === undefined) {
    return (
      <EmptyState
        icon={<Columns2 />}
        title={t("compare.none")}
        text={t("compare.noneText")}
        action={<RunButton id="mesh.fork" icon={<GitFork />} label={t("command.fork")} primary />}
      />
    );
  }
  const { a, b } = chosen;
  // Another pair starts at its own end.
  const key = `${a.description.id} ${b.description.id}`;
  return (
    <div className="compare">
      <Picker listings={listings} chosen={chosen} />
      {a === b ? (
        <EmptyState icon={<Columns2 />} title={t("compare.same")} text={t("compare.sameText")} />
      ) : (
        <Comparison key={key} chosen={chosen} />
      )}
    </div>
  );
}

interface PickerProps {
  readonly listings: readonly MeshListing[];
  readonly chosen: Chosen;
}

function Picker({ listings, chosen }: PickerProps): ReactNode {
  const { t } = useTranslation("runs");
  const past = commonPast(chosen);
  const a = chosen.a.description.id;
  const b = chosen.b.description.id;
  const options = listings.map(({ description }) => ({
    value: description.id,
    label: cleanText(description.name, 60),
  }));
  return (
    <div className="toolbar">
      <span className="side side--a" aria-hidden>
        A
      </span>
      <Select
        aria-label={t("compare.a")}
        value={a}
        options={options}
        onChange={(id) => runsStore.setState({ pair: { a: id, b } })}
      />
      <IconButton
        label={t("compare.swap")}
        icon={<ArrowLeftRight />}
        onClick={() => runsStore.setState({ pair: { a: b, b: a } })}
      />
      <span className="side side--b" aria-hidden>
        B
      </span>
      <Select
        aria-label={t("compare.b")}
        value={b}
        options={options}
        onChange={(id) => runsStore.setState({ pair: { a, b: id } })}
      />
      <span className="toolbar__spacer" />
      <span className="muted">
        {past === undefined
          ? t("compare.strangers")
          : t("compare.related", { at: formatAt(past.at, chosen.a.description.clock) })}
      </span>
    </div>
  );
}

function Comparison({ chosen }: { readonly chosen: Chosen }): ReactNode {
  const { t } = useTranslation("runs");
  const span = commonSpan(chosen);
  /** Undefined: the newest moment that both reach. */
  const [cursor, setCursor] = useState<number>();
  const at = Math.min(span.to, Math.max(span.from, cursor ?? span.to));
  const { a, b } = chosen;
  const { snapshots, problem } = useSnapshots(a.description.id, b.description.id, at);
  const comparison = useMemo(
    () => (snapshots === undefined ? undefined : compareViews(snapshots.a, snapshots.b)),
    [snapshots],
  );
  return (
    <>
      <TimeCursor
        chosen={chosen}
        span={span}
        at={at}
        following={cursor === undefined}
        onMove={setCursor}
      />
      {problem === undefined ? null : (
        <p className="compare__problem" role="alert">
          {problem}
        </p>
      )}
      <div className="compare__body">
        <div className="compare__side">
          <DivergencePanel chosen={chosen} onJump={setCursor} />
          {comparison === undefined ? null : <Totals totals={comparison.totals} />}
        </div>
        {comparison === undefined ? (
          <EmptyState icon={<Columns2 />} title={t("compare.reading")} />
        ) : (
          <NodeTable comparison={comparison} />
        )}
      </div>
    </>
  );
}
