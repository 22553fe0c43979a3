import type { MeshEvent } from "#shared/contract/events.ts";

export const EVENT_GROUPS = [
  "all",
  "member",
  "node",
  "link",
  "partition",
  "rumour",
  "fault",
  "command",
  "consensus",
  "state",
] as const;
export type EventGroup = (typeof EVENT_GROUPS)[number];

export interface EventFilter {
  readonly group: EventGroup;
  readonly node: string | undefined;
  readonly text: string;
}

const PREFIXES: Readonly<Record<Exclude<EventGroup, "all">, readonly string[]>> = {
  member: ["member", "probe", "health"],
  node: ["node", "mesh"],
  link: ["link", "links", "route", "message"],
  partition: ["partition", "write", "state", "invariant", "disk"],
  rumour: ["rumour", "user"],
  fault: ["fault"],
  command: ["command"],
  consensus: ["consensus"],
  state: ["request", "proposal", "memory", "aggregate", "reputation", "invariants", "lesson"],
};

/**
 * What an event says and whom it is about comes from the caller, who knows the language; it is only
 * asked for where the filter needs it.
 */
export function matchesFilter(
  event: MeshEvent,
  filter: EventFilter,
  words: () => { readonly sentence: string; readonly nodes: readonly string[] },
): boolean {
  if (filter.group !== "all") {
    const prefix = event.type.split(".")[0] ?? "";
    if (!PREFIXES[filter.group].includes(prefix)) return false;
  }
  if (filter.node !== undefined && !words().nodes.includes(filter.node)) return false;
  const text = filter.text.trim().toLowerCase();
  if (text === "") return true;
  return words().sentence.toLowerCase().includes(text) || event.type.includes(text);
}
