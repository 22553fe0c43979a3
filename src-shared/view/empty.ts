import { emptyAgreement } from "./agreement-model.ts";
import type { MeshView, NodeView } from "./model.ts";
import { emptyState } from "./state-model.ts";

/** The view of a mesh of which nothing is known yet. */
export function emptyView(): MeshView {
  return {
    seq: 0,
    at: 0,
    mesh: {
      name: "",
      source: undefined,
      options: undefined,
      topology: undefined,
      gossip: undefined,
    },
    nodes: new Map(),
    links: new Map(),
    beliefs: new Map(),
    rumours: new Map(),
    faults: new Map(),
    metrics: { windows: [] },
    logs: { lines: [], dropped: 0 },
    timeline: { entries: [], dropped: 0 },
    recovery: {
      brokenAt: undefined,
      healedAt: undefined,
      recoveredAt: undefined,
      history: [],
    },
    violations: [],
    agreement: emptyAgreement(),
    ...emptyState(),
    counts: { running: 0, readOnly: 0, doubted: 0, arrivals: 0 },
  };
}

/** A node of which only the name is known. */
export function emptyNode(id: string, at: number): NodeView {
  return {
    id,
    zone: undefined,
    address: undefined,
    tags: undefined,
    process: "unknown",
    stopReason: undefined,
    incarnation: undefined,
    leaving: false,
    mode: undefined,
    modeReason: undefined,
    reachable: undefined,
    needed: undefined,
    of: undefined,
    suspectedBy: 0,
    unreachableBy: 0,
    deadBy: 0,
    leftBy: 0,
    cutOffDoubts: 0,
    confirmed: undefined,
    localHealth: undefined,
    degree: 0,
    digest: undefined,
    weakPoints: [],
    receivedPerSecond: undefined,
    sentPerSecond: undefined,
    refutations: 0,
    judged: false,
    changedAt: at,
  };
}
