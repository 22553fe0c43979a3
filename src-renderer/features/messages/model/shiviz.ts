/**
 * The log format of ShiViz: a line with the host and its vector clock as JSON, then a line with
 * the event. Its default parser reads `(?<host>\S*) (?<clock>{.*})\n(?<event>.*)`.
 */
import { MESSAGE_OUTCOMES } from "#shared/contract/trace.ts";
import { cleanText } from "../../../ui/text.ts";
import type { MessageStore } from "./message-store.ts";

/** Messages of one export; ShiViz itself gets slow far below. */
export const MAX_EXPORTED = 5_000;

/** One end of a message. */
interface End {
  readonly at: number;
  readonly row: number;
  readonly receives: boolean;
}

/** `rows`: in the order of sending. Those beyond `MAX_EXPORTED` are left out. */
export function shivizLog(store: MessageStore, rows: Uint32Array): string {
  const clocks = new Map<number, Map<number, number>>();
  const carried = new Map<number, ReadonlyMap<number, number>>();
  const lines: string[] = [];
  for (const end of endsOf(store, rows.subarray(0, MAX_EXPORTED))) {
    const { from, to } = store.columns;
    const node = (end.receives ? to[end.row] : from[end.row]) ?? 0;
    const clock = clocks.get(node) ?? new Map<number, number>();
    clocks.set(node, clock);
    clock.set(node, (clock.get(node) ?? 0) + 1);
    if (end.receives) join(clock, carried.get(end.row));
    else carried.set(end.row, new Map(clock));
    lines.push(`${hostName(store, node)} ${clockText(store, clock)}`, eventText(store, end));
  }
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** By time; at one instant in the order of sending, each departure before its arrival. */
function endsOf(store: MessageStore, rows: Uint32Array): readonly End[] {
  const { sentAt, arrivedAt } = store.columns;
  const ends = [...rows].flatMap((row): End[] => {
    const sent = { at: sentAt[row] ?? 0, row, receives: false };
    const arrived = arrivedAt[row] ?? -1;
    return arrived < 0 ? [sent] : [sent, { at: arrived, row, receives: true }];
  });
  return ends.sort(
    (a, b) => a.at - b.at || a.row - b.row || Number(a.receives) - Number(b.receives),
  );
}

function join(clock: Map<number, number>, other: ReadonlyMap<number, number> | undefined): void {
  for (const [node, count] of other ?? []) {
    clock.set(node, Math.max(clock.get(node) ?? 0, count));
  }
}

/** A host must not hold spaces. */
function hostName(store: MessageStore, node: number): string {
  return cleanText(store.nodes.words[node] ?? "?", 64).replaceAll(/\s/g, "_");
}

function clockText(store: MessageStore, clock: ReadonlyMap<number, number>): string {
  const entries = [...clock].map(([node, count]) => [hostName(store, node), count] as const);
  return JSON.stringify(Object.fromEntries(entries.sort((a, b) => (a[0] < b[0] ? -1 : 1))));
}

function eventText(store: MessageStore, { at, row, receives }: End): string {
  const { from, to, kind, outcome, serial } = store.columns;
  const name = cleanText(store.kinds.words[kind[row] ?? 0] ?? "?", 64);
  const other = hostName(store, (receives ? from[row] : to[row]) ?? 0);
  const end = MESSAGE_OUTCOMES[outcome[row] ?? 0] ?? "";
  const fate = receives || end === "delivered" ? "" : ` (${end})`;
  const verb = receives ? "receive" : "send";
  const way = receives ? "from" : "to";
  return `${verb} ${name} ${way} ${other} #${serial[row] ?? 0} at ${at} us${fate}`;
}
