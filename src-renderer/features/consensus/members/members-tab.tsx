import { Users } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Inspection } from "#shared/contract/inspection.ts";
import { consensusKind, leadership } from "#shared/view/select/leadership.ts";
import { useApp } from "../../../app/context.ts";
import { RoleBadge } from "../../../app/hooks/consensus-role.tsx";
import { useMeshStore, useMeshVersion, usePastAt } from "../../../app/hooks/use-mesh.ts";
import { useSelection } from "../../../app/hooks/use-stores.ts";
import { Badge } from "../../../ui/badge.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatDuration, orUnknown } from "../../../ui/format.ts";
import { type Column, Table } from "../../../ui/table.tsx";
import { cleanText } from "../../../ui/text.ts";
import { Scroll } from "../scroll.tsx";
import { reasonText, shortDigest, type Translate } from "../words.ts";
import { type MemberRow, memberRows, progressOf, roleKey, timersOf } from "./model.ts";
import { useInspections } from "./use-inspections.ts";

export function MembersTab(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("consensus");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  const selected = useSelection((state) => state.nodes);
  const past = usePastAt() !== undefined;
  const rows = mesh === undefined ? [] : memberRows(mesh.view);
  const asked = rows.filter((row) => row.process !== "stopped").map((row) => row.node);
  const { byNode, refused } = useInspections(asked);
  if (mesh === undefined || rows.length === 0) {
    return <EmptyState icon={<Users />} title={t("rounds.none")} />;
  }
  const leader = leadership(mesh.view).leader;
  const note = refused === undefined ? undefined : t("members.refused", { reason: refused });
  return (
    <Scroll className="members" label={t("members.label")}>
      <Table
        label={t("members.label")}
        columns={[
          ...firstColumns(t),
          timersColumn(t, byNode),
          ...logColumns(t, consensusKind(mesh.view) === "raft"),
          progressColumn(t, byNode, leader),
          stateColumn(t),
        ]}
        rows={rows}
        rowKey={(row) => row.node}
        selected={(row) => selected.has(row.node)}
        onRowClick={(row, event) => {
          const mode = event.metaKey || event.ctrlKey ? "toggle" : "replace";
          app.selection.getState().selectNode(row.node, mode);
        }}
      />
      {past ? <p className="members__note">{t("members.past")}</p> : null}
      {note === undefined ? null : <p className="members__note">{note}</p>}
    </Scroll>
  );
}

const plain = (value: number | undefined): string => orUnknown(value, (known) => `${known}`);

const columnOf = (t: Translate, id: string) => ({ id, label: t(`consensus:members.${id}`) });
const END = { align: "end" } as const;

function firstColumns(t: Translate): readonly Column<MemberRow>[] {
  return [
    { ...columnOf(t, "node"), cell: (row) => <MemberName row={row} /> },
    { ...columnOf(t, "role"), cell: (row) => <MemberRole row={row} /> },
    { ...columnOf(t, "term"), ...END, cell: ({ member }) => plain(member.term) },
  ];
}

/** Only Raft's members vote for one of them. */
function logColumns(t: Translate, isRaft: boolean): readonly Column<MemberRow>[] {
  const votedFor: Column<MemberRow> = {
    ...columnOf(t, "votedFor"),
    cell: (row) => row.votedFor ?? "—",
  };
  return [
    { ...columnOf(t, "last"), ...END, cell: ({ member }) => plain(member.last) },
    { ...columnOf(t, "committed"), ...END, cell: ({ member }) => plain(member.committed) },
    { ...columnOf(t, "applied"), ...END, cell: ({ member }) => plain(member.applied) },
    { ...columnOf(t, "leader"), cell: ({ member }) => member.leader ?? "—" },
    ...(isRaft ? [votedFor] : []),
  ];
}

function stateColumn(t: Translate): Column<MemberRow> {
  return {
    ...columnOf(t, "state"),
    cell: ({ member }) => (
      <code className="mono">{member.state === undefined ? "—" : shortDigest(member.state)}</code>
    ),
  };
}

function MemberName({ row }: { readonly row: MemberRow }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("consensus");
  return (
    <span className="members__name">
      <button
        type="button"
        className="node-link"
        aria-label={t("members.select", { node: row.node })}
        onClick={(event) => {
          event.stopPropagation();
          app.selection.getState().selectNode(row.node);
        }}
      >
        {row.node}
      </button>
      {row.seat === "voter" || row.seat === "none" ? null : (
        <Badge>{t(`members.${row.seat}`)}</Badge>
      )}
    </span>
  );
}

function MemberRole({ row }: { readonly row: MemberRow }): ReactNode {
  const { t } = useTranslation("consensus");
  const { reason } = row.member;
  return (
    <span title={reason === undefined ? undefined : reasonText(t, reason)}>
      <RoleBadge role={roleKey(row)} />
    </span>
  );
}

type Answers = ReadonlyMap<string, Inspection>;

function progressColumn(
  t: Translate,
  byNode: Answers,
  leader: string | undefined,
): Column<MemberRow> {
  return {
    id: "match",
    label: t("consensus:members.match"),
    align: "end",
    cell: ({ node }) => {
      const known = progressOf(byNode, leader, node);
      return known === undefined ? "—" : `${known.match} / ${known.next}`;
    },
  };
}

function timersColumn(t: Translate, byNode: Answers): Column<MemberRow> {
  return {
    id: "timers",
    label: t("consensus:members.timers"),
    cell: ({ node }) => <Timers answer={byNode.get(node)} />,
  };
}

/** Few are of interest: the next ones. */
const MAX_TIMERS = 2;

function Timers({ answer }: { readonly answer: Inspection | undefined }): ReactNode {
  const { t } = useTranslation("consensus");
  const longest = useRef(new Map<string, number>());
  if (answer === undefined) return "—";
  // oxlint-disable-next-line react/refs -- a memory of the longest, of no effect on what is known.
  const timers = timersOf(answer, longest.current).slice(0, MAX_TIMERS);
  if (timers.length === 0) return t("members.none");
  return (
    <span className="timers">
      {timers.map(({ name, leftUs, share }) => (
        <span key={name} className="timer">
          <span className="timer__name">{cleanText(name, 24)}</span>
          <span className="timer__bar" aria-hidden>
            <span className="timer__fill" style={{ transform: `scaleX(${share})` }} />
          </span>
          <span className="timer__left">
            {leftUs <= 0 ? t("members.due") : formatDuration(leftUs)}
          </span>
        </span>
      ))}
    </span>
  );
}
