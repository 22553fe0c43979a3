/** Views on the wire: `encodeSnapshot` on the host, `decodeSnapshot` where it is shown. */
import { z } from "zod";
import { MeshError } from "../contract/errors.ts";
import type { SnapshotData } from "../contract/protocol.ts";
import { decodeAgreement, encodeAgreement } from "./agreement/snapshot.ts";
import { emptyNode, emptyView } from "./empty.ts";
import { type Belief, linkKey, type MeshView, type NodeView, type RumourView } from "./model.ts";
import { type ViewData, viewDataSchema } from "./snapshot-schema.ts";
import { decodeState, encodeState } from "./state/snapshot.ts";
import { addArrivals, patchNode, putNode } from "./store.ts";
import { isCutOff } from "./beliefs.ts";
import { type Tally, tallyOf } from "./tally.ts";

/** Text of log lines and timeline entries that a snapshot takes along, in characters each. */
const TEXT_BUDGET = 3_000_000;

export function encodeSnapshot(view: MeshView): SnapshotData {
  const lines = newestWithin(view.logs.lines, (line) => line.text.length + 100);
  const entries = newestWithin(view.timeline.entries, (event) => JSON.stringify(event).length);
  const data: ViewData = {
    mesh: view.mesh,
    nodes: [...view.nodes.values()].map(encodeNode),
    links: [...view.links.values()].map(({ key: _key, ...link }) => link),
    beliefs: encodeBeliefs(view),
    rumours: [...view.rumours.values()].map(encodeRumour),
    faults: [...view.faults.values()],
    windows: [...view.metrics.windows],
    logs: { lines, dropped: view.logs.dropped + view.logs.lines.length - lines.length },
    timeline: {
      entries,
      dropped: view.timeline.dropped + view.timeline.entries.length - entries.length,
    },
    recovery: { ...view.recovery, history: [...view.recovery.history] },
    violations: view.violations.map((violation) => ({ ...violation, nodes: [...violation.nodes] })),
    agreement: encodeAgreement(view.agreement),
    state: encodeState(view),
  };
  return { seq: view.seq, at: view.at, view: data };
}

function newestWithin<T>(list: readonly T[], size: (entry: T) => number): T[] {
  let start = list.length;
  let left = TEXT_BUDGET;
  for (const entry of list.toReversed()) {
    left -= size(entry);
    if (left < 0) break;
    start -= 1;
  }
  return list.slice(start);
}

type NodeData = ViewData["nodes"][number];

function encodeNode(node: NodeView): NodeData {
  const { suspectedBy: _s, unreachableBy: _u, deadBy: _d, leftBy: _l, ...counted } = node;
  const { cutOffDoubts: _c, degree: _g, ...rest } = counted;
  const { tags, confirmed, weakPoints } = rest;
  return {
    ...rest,
    tags: tags && { ...tags },
    confirmed: confirmed && { ...confirmed, observers: [...confirmed.observers] },
    weakPoints: [...weakPoints],
  };
}

function encodeRumour(rumour: RumourView): ViewData["rumours"][number] {
  const reached = [...rumour.reached].map(
    ([node, { at, from, via, hops }]): [string, number, string | null, string, number] => [
      node,
      at,
      from ?? null,
      via,
      hops,
    ],
  );
  return { ...rumour, reached };
}

const STATES = ["suspect", "unreachable", "dead", "left"] as const;

function encodeBeliefs(view: MeshView): ViewData["beliefs"] {
  const indexOf = new Map([...view.nodes.keys()].map((id, index) => [id, index]));
  const reasons = new Map<string, number>();
  const table: ViewData["beliefs"] = {
    states: [...STATES],
    reasons: [],
    member: [],
    observer: [],
    state: [],
    incarnation: [],
    reason: [],
    since: [],
  };
  for (const [member, observers] of view.beliefs) {
    for (const [observer, belief] of observers) {
      const reason = reasons.get(belief.reason) ?? reasons.size;
      reasons.set(belief.reason, reason);
      table.member.push(indexOf.get(member) ?? 0);
      table.observer.push(indexOf.get(observer) ?? 0);
      table.state.push((STATES as readonly string[]).indexOf(belief.state));
      table.incarnation.push(belief.incarnation === undefined ? 0 : belief.incarnation + 1);
      table.reason.push(reason);
      table.since.push(belief.since);
    }
  }
  table.reasons = [...reasons.keys()];
  return table;
}

/** Throws `MeshError` "bad-frame" for anything that no view could have been encoded to. */
export function decodeSnapshot({ seq, at, view: raw }: SnapshotData): MeshView {
  const parsed = parseView(raw);
  const view = emptyView();
  view.seq = seq;
  view.at = at;
  const { source, options, topology, gossip } = parsed.mesh;
  view.mesh = { name: parsed.mesh.name, source, options, topology, gossip };
  for (const node of parsed.nodes) putNode(view, { ...emptyNode(node.id, at), ...node });
  for (const link of parsed.links) decodeLink(view, link);
  decodeBeliefs(view, parsed.beliefs, parsed.nodes);
  for (const rumour of parsed.rumours) decodeRumour(view, rumour);
  for (const fault of parsed.faults) view.faults.set(fault.id, { ...fault, until: fault.until });
  for (const window of parsed.windows) {
    view.metrics.windows.push({ ...window, latencyMs: window.latencyMs });
  }
  for (const line of parsed.logs.lines) view.logs.lines.push({ ...line, node: line.node });
  view.logs.dropped = parsed.logs.dropped;
  view.timeline.entries.push(...parsed.timeline.entries);
  view.timeline.dropped = parsed.timeline.dropped;
  const { brokenAt, healedAt, recoveredAt, history } = parsed.recovery;
  view.recovery = { brokenAt, healedAt, recoveredAt, history };
  view.violations.push(...parsed.violations);
  const agreement = parsed.agreement && decodeAgreement(parsed.agreement);
  const state = parsed.state && decodeState(parsed.state);
  return { ...view, ...(agreement && { agreement }), ...state };
}

function parseView(raw: unknown): ViewData {
  try {
    return viewDataSchema.parse(raw);
  } catch (cause) {
    if (!(cause instanceof z.ZodError)) throw cause;
    const [issue] = cause.issues;
    throw badSnapshot(`${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`, cause);
  }
}

function badSnapshot(why: string, cause?: unknown): MeshError {
  const message = `The host sent a snapshot that cannot be read (${why.slice(0, 300)}).`;
  return new MeshError("bad-frame", message, { cause });
}

function knownNode(view: MeshView, id: string | undefined): NodeView {
  const node = id === undefined ? undefined : view.nodes.get(id);
  if (node === undefined) throw badSnapshot("it speaks of a node that it does not list");
  return node;
}

function decodeLink(view: MeshView, link: ViewData["links"][number]): void {
  const key = linkKey(link.a, link.b);
  if (link.a >= link.b || view.links.has(key)) throw badSnapshot(`the link ${key} is malformed`);
  view.links.set(key, { key, ...link, rttMs: link.rttMs });
  const { a, b, aUp, bUp } = link;
  const low = knownNode(view, a);
  const high = knownNode(view, b);
  if (aUp) putNode(view, { ...low, degree: low.degree + 1 });
  if (bUp) putNode(view, { ...high, degree: high.degree + 1 });
}

function decodeBeliefs(
  view: MeshView,
  table: ViewData["beliefs"],
  nodes: readonly NodeData[],
): void {
  const tallies = new Map<string, Tally>();
  for (const [row, memberIndex] of table.member.entries()) {
    const member = knownNode(view, nodes[memberIndex]?.id);
    const observer = knownNode(view, nodes[table.observer[row] ?? -1]?.id);
    const belief = beliefAt(table, row);
    const about = view.beliefs.get(member.id) ?? new Map<string, Belief>();
    if (about.has(observer.id)) throw badSnapshot("an observer holds two beliefs of one member");
    about.set(observer.id, belief);
    view.beliefs.set(member.id, about);
    const tally = tallies.get(member.id) ?? member;
    tallies.set(member.id, tallyOf(tally, "alive", belief.state, isCutOff(observer)));
  }
  for (const [id, tally] of tallies) patchNode(view, id, tally);
}

function beliefAt(table: ViewData["beliefs"], row: number): Belief {
  const state = table.states[table.state[row] ?? -1];
  const reason = table.reasons[table.reason[row] ?? -1];
  const incarnation = table.incarnation[row];
  const since = table.since[row];
  if (state === undefined || reason === undefined) throw badSnapshot("a belief is incomplete");
  if (incarnation === undefined || since === undefined) {
    throw badSnapshot("the columns of beliefs differ in length");
  }
  return { state, incarnation: incarnation === 0 ? undefined : incarnation - 1, reason, since };
}

function decodeRumour(view: MeshView, rumour: ViewData["rumours"][number]): void {
  const reached = new Map(
    rumour.reached.map(([node, at, from, via, hops]) => [
      node,
      { at, from: from ?? undefined, via, hops },
    ]),
  );
  view.rumours.set(rumour.id, { ...rumour, reached, convergedAt: rumour.convergedAt });
  addArrivals(view, reached.size);
}
