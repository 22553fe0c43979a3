/** Random valid events about agreement and replicated state; see `random-events.ts`. */
import type { MeshEventBody } from "../contract/events.ts";
import type { Draw, Make } from "./random-draw.ts";

const ROLES = [
  "leader",
  "follower",
  "pre-candidate",
  "candidate",
  "primary",
  "view-change",
] as const;
const PHASES = ["pre-vote", "vote", "view-change"] as const;
const ROUND_PHASES = ["proposed", "pre-prepared", "prepared", "committed", "applied"] as const;
const COUNTED = ["append", "prepare", "commit"] as const;
const CHOICES = ["yes", "no", "abstain"] as const;
const STANDINGS = ["good", "watched", "graylisted", "banned"] as const;

function place(draw: Draw) {
  return { term: draw.int(4), index: 1 + draw.int(12) };
}

function entry(draw: Draw) {
  return { ...place(draw), digest: `d${draw.int(3)}`, what: "command", bytes: 9 } as const;
}

export const AGREEMENT_MAKERS: readonly Make[] = [
  (draw, node, leader) => {
    const term = draw.int(4);
    return { type: "consensus.role", node, role: draw.of(ROLES), term, leader, reason: "x" };
  },
  (draw, node) => {
    const role = draw.of(ROLES);
    return { type: "consensus.role", node, role, term: draw.int(4), reason: "election-timeout" };
  },
  (draw, node, candidate) => {
    const vote = { phase: draw.of(PHASES), granted: draw.int(2) === 0, term: draw.int(5) };
    return { type: "consensus.vote", node, candidate, ...vote, reason: "log-behind" };
  },
  (draw, node, from) => {
    const body = { phase: draw.of(PHASES), granted: draw.int(2) === 0, term: draw.int(5) };
    return { type: "consensus.tally", node, from, ...body, have: draw.int(3), needed: 3 };
  },
  (draw, node) => ({ type: "consensus.appended", node, entries: [entry(draw), entry(draw)] }),
  (draw, node) => {
    const from = 1 + draw.int(12);
    return { type: "consensus.truncated", node, from, to: from + draw.int(9) };
  },
  (draw, node) => {
    const phase = draw.of(ROUND_PHASES);
    return { type: "consensus.round", node, ...place(draw), phase, digest: `d${draw.int(3)}` };
  },
  (draw, node, from) => {
    const have = draw.int(4);
    const phase = draw.of(COUNTED);
    return { type: "consensus.counted", node, from, ...place(draw), phase, have, needed: 3 };
  },
  (draw, node) => ({ type: "consensus.committed", node, ...place(draw) }),
  (draw, node) => {
    return { type: "consensus.applied", node, ...place(draw), digest: "d1", state: "s1" };
  },
  (draw, node) => {
    const how = draw.of(["taken", "sent", "installed"] as const);
    return { type: "consensus.snapshot", node, how, ...place(draw), digest: "d0", bytes: 70 };
  },
  (draw, node, other) => ({
    type: "consensus.config",
    node,
    protocol: draw.of(["raft", "pbft"] as const),
    index: draw.int(12),
    voters: node === other ? [node] : [node, other],
    outgoing: draw.int(4) === 0 ? [node] : [],
    learners: [],
    quorum: 2,
    tolerates: 0,
    committed: draw.int(2) === 0,
  }),
  (draw, node, accused) => {
    return { type: "consensus.evidence", node, accused, ...place(draw), fault: "two", text: "t" };
  },
  (draw, node, from) => {
    return { type: "consensus.rejected", node, from, reason: "bad-view", count: 1 + draw.int(5) };
  },
  (draw, node) => {
    const request = `q${draw.int(9)}`;
    return { type: "request.submitted", node, request, what: "consensus.propose", text: "hello" };
  },
  (draw, node): MeshEventBody => {
    const request = `q${draw.int(9)}`;
    if (draw.int(3) === 0) {
      return { type: "request.answered", node, request, code: "unknown", message: "m", tookUs: 9 };
    }
    const value = { value: "v", siblings: ["v", "w"], stale: true };
    const index = 1 + draw.int(12);
    return { type: "request.answered", node, request, code: "ok", index, ...value, tookUs: 5 };
  },
  (draw, node, caller) => ({
    type: "proposal.called",
    node,
    proposal: `p${draw.int(3)}`,
    caller,
    title: "t",
    text: "",
    threshold: 0.67,
    quorum: 4,
    of: 6,
    deadline: 9_000_000,
  }),
  (draw, node, voter) => {
    const proposal = `p${draw.int(3)}`;
    return { type: "proposal.voted", node, proposal, voter, choice: draw.of(CHOICES), reason: "" };
  },
  (draw, node) => {
    const outcome = draw.of(["accepted", "rejected", "no-quorum"] as const);
    const tally = { yes: draw.int(4), no: draw.int(4), abstain: 0, of: 6 };
    return { type: "proposal.decided", node, proposal: `p${draw.int(3)}`, outcome, ...tally };
  },
  (draw, node, accused) => {
    return { type: "proposal.evidence", node, proposal: `p${draw.int(3)}`, accused };
  },
  (draw, node) => {
    const mode = draw.of(["strong", "lww"] as const);
    return { type: "memory.namespace", node, namespace: `n${draw.int(2)}`, mode };
  },
  (draw, node): MeshEventBody => {
    const at = { node, namespace: `n${draw.int(2)}`, key: `k${draw.int(4)}` };
    const version = `v${draw.int(9)}`;
    if (draw.int(4) === 0) {
      return { type: "memory.changed", ...at, values: [], version, cause: "delete" };
    }
    const values = draw.int(3) === 0 ? ["a", "b"] : ["a"];
    return { type: "memory.changed", ...at, values, version, expiresAt: 7, cause: "merge" };
  },
  (draw, node, peer) => {
    return { type: "memory.exchange", node, peer, differing: draw.int(5), hashes: 9, bytes: 300 };
  },
  (draw, node) => {
    const mean = draw.int(2) === 0 ? { mean: 2, error: 0.1 } : {};
    return { type: "aggregate.estimate", node, metric: "load", ...mean, epoch: 1, round: 4 };
  },
  (draw, node, member) => {
    const standing = draw.of(STANDINGS);
    return { type: "reputation.changed", node, member, score: -3, standing, reason: "late" };
  },
  (draw) => {
    const checks = [{ invariant: `i${draw.int(3)}`, checks: draw.int(99), violations: 0 }];
    return { type: "invariants.checked", checks };
  },
  (draw) => ({ type: "lesson.step", index: draw.int(9), total: 9, en: "Look", pause: false }),
];
