/** Streams of valid events from a seed, for property tests: any order, any nodes, also unknown ones. */
import type { MeshEvent, MeshEventBody } from "../contract/events.ts";
import { AGREEMENT_MAKERS } from "./random-agreement.ts";
import { type Draw, drawFrom, type Make } from "./random-draw.ts";

const NODES = ["A", "B", "C", "D", "E", "F"] as const;
const RUMOURS = ["r1", "r2", "r3"] as const;
const STATES = ["alive", "suspect", "unreachable", "dead", "left", "alive"] as const;

const MAKERS: readonly Make[] = [
  (draw, node) => ({ type: "node.added", node, zone: `z${draw.int(3)}`, tags: { role: "x" } }),
  (_, node) => ({ type: "node.updated", node, address: "10.0.0.1:7946" }),
  (_, node) => ({ type: "node.removed", node }),
  (draw, node) => ({ type: "node.started", node, incarnation: draw.int(4), disk: "kept" }),
  (draw, node) => {
    return { type: "node.stopped", node, reason: draw.of(["killed", "left", "failed"] as const) };
  },
  (_, node) => ({ type: "node.paused", node }),
  (_, node) => ({ type: "node.resumed", node }),
  (_, node) => ({ type: "member.leaving", node }),
  (draw, node) => ({ type: "member.refuted", node, incarnation: draw.int(5) }),
  (draw, node) => ({ type: "health.local", node, score: draw.int(3) }),
  (_, node, other) => ({ type: "links.disjoint", node, held: false, weak: [other] }),
  (draw, node) => ({ type: "partition.suspected", node, reachable: draw.int(6), of: 6 }),
  (draw, node) => {
    const mode = draw.of(["read-only", "read-write"] as const);
    return { type: "partition.mode", node, mode, reachable: 2, needed: 4, of: 6, reason: "test" };
  },
  (draw, node) => ({ type: "state.digest", node, members: `m${draw.int(2)}`, rumours: "r" }),
  (draw, node) => {
    const rumour = draw.of(RUMOURS);
    return { type: "rumour.published", node, rumour, topic: "t", payload: "p", ...TINY };
  },
  (draw, node, from) => {
    return { type: "rumour.received", node, rumour: draw.of(RUMOURS), from, via: "push", hops: 1 };
  },
  (draw, node) => ({ type: "rumour.cooled", node, rumour: draw.of(RUMOURS) }),
  (draw, node) => {
    return { type: "rumour.traffic", node, rumour: draw.of(RUMOURS), messages: 2, bytes: 90 };
  },
  (draw) => {
    const spec = { kind: "partition", groups: [["A"], ["B", "C"]] } as const;
    return { type: "fault.applied", fault: `f${draw.int(2)}`, spec: copyOf(spec) };
  },
  (draw) => ({ type: "fault.cleared", fault: `f${draw.int(2)}`, reason: "operator" }),
  (draw, node) => ({ type: "log", node, level: "info", topic: "t", text: `line ${draw.int(99)}` }),
  (draw, node) => {
    const perNode = [{ node, received: draw.int(9), sent: draw.int(9) }];
    return { type: "metrics.sampled", windowUs: 1_000_000, ...WINDOW, perNode };
  },
  (_, node) => ({ type: "invariant.violated", invariant: "i", message: "m", nodes: [node] }),
  (_, node, to) => ({ type: "route.traced", node, to, path: [node, to], ok: true }),
  (draw) => ({ type: "mesh.topology", kind: draw.of(["ring", "grid"] as const) }),
];

const TINY = { bytes: 1, urgent: true } as const;
const WINDOW = { sent: 5, delivered: 4, dropped: 1, bytes: 300, latencyMs: 2 } as const;

function copyOf(spec: { kind: "partition"; groups: readonly (readonly string[])[] }) {
  return { kind: spec.kind, groups: spec.groups.map((group) => [...group]) };
}

/** The events that a busy mesh has most of. */
function frequent(draw: Draw, node: string, other: string): MeshEventBody {
  switch (draw.int(4)) {
    case 0:
      return { type: "link.up", node, peer: other, reason: "repair" };
    case 1:
      return { type: "link.down", node, peer: other, reason: "lost" };
    case 2:
      return { type: "link.latency", node, peer: other, rttMs: draw.int(50) };
    default: {
      const state = draw.of(STATES);
      const incarnation = draw.int(4);
      return { type: "member.state", node, member: other, state, incarnation, reason: "no-ack" };
    }
  }
}

function bodyOf(draw: Draw, node: string, other: string): MeshEventBody {
  const kind = draw.int(5);
  if (kind < 2) return frequent(draw, node, other);
  return draw.of(kind < 4 ? MAKERS : AGREEMENT_MAKERS)(draw, node, other);
}

/**
 * `count` events with `seq` from 1; the first ones add and start most of the nodes. So many more
 * percent of the rest are log lines.
 */
export function randomEvents(seed: number, count: number, logPercent = 0): MeshEvent[] {
  const draw = drawFrom(seed);
  const events: MeshEvent[] = [];
  const push = (body: MeshEventBody) => {
    const seq = events.length + 1;
    events.push({ seq, at: seq * 1_000, ...body });
  };
  for (const node of NODES.slice(0, 5)) {
    push({ type: "node.added", node });
    push({ type: "node.started", node, incarnation: 0, disk: "new" });
  }
  while (events.length < count) {
    const node = draw.of(NODES);
    const other = draw.of(NODES);
    if (draw.int(100) < logPercent) push({ type: "log", level: "info", topic: "t", text: "line" });
    else push(bodyOf(draw, node, other));
  }
  return events.slice(0, count);
}
