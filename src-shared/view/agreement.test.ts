import { describe, expect, it } from "vitest";
import type { MeshEventBody } from "../contract/events.ts";
import { configOf, elect, logged, pbftMesh, raftMesh } from "../testing/agreement.ts";
import { meshOf } from "../testing/meshes.ts";
import {
  electionKey,
  MAX_EVIDENCE,
  MAX_LOG_TAIL,
  MAX_ROUNDS,
  roundKey,
} from "./agreement-model.ts";
import { emptyView } from "./empty.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot.ts";
import { MAX_MEMORY_WEIGHT, MAX_PROPOSALS, MAX_REQUESTS } from "./state-model.ts";

const FIVE = [..."ABCDE"];

describe("members", () => {
  it("have spent their vote once they stand or grant it, and keep it over a restart", () => {
    const { view, tell } = raftMesh(FIVE);
    const { members } = view.agreement;
    expect(members.get("A")?.votedFor).toEqual({ term: 1, candidate: "A" });
    expect(members.get("B")?.votedFor).toEqual({ term: 1, candidate: "A" });
    tell({ type: "node.stopped", node: "B", reason: "killed" });
    tell({ type: "node.started", node: "B", incarnation: 1, disk: "kept" });
    expect(members.get("B")).toMatchObject({ term: 1, votedFor: { term: 1 }, role: undefined });
  });

  it("do not spend their vote by a pre-vote or a refusal", () => {
    const { view, tell } = raftMesh(FIVE);
    const vote = { type: "consensus.vote", node: "C", term: 2, candidate: "B" } as const;
    tell({ ...vote, phase: "pre-vote", granted: true, reason: "granted" });
    tell({ ...vote, phase: "vote", granted: false, reason: "log-behind" });
    expect(view.agreement.members.get("C")?.votedFor?.term).toBe(1);
  });

  it("have no role and no commit index once their process ended, but their log", () => {
    const { view, tell } = raftMesh(FIVE);
    tell(logged("A", 1, 1));
    tell({ type: "consensus.committed", node: "A", term: 1, index: 1 });
    tell({ type: "node.stopped", node: "A", reason: "killed" });
    const gone = view.agreement.members.get("A");
    expect(gone).toMatchObject({ role: undefined, leader: undefined, committed: undefined });
    expect(gone).toMatchObject({ term: 1, last: 1 });
    expect(view.agreement.logs.get("A")?.entries.size).toBe(1);
  });

  it("have nothing left after a wiped disk", () => {
    const { view, tell } = raftMesh(FIVE);
    tell(logged("B", 1, 1));
    tell({ type: "node.stopped", node: "B", reason: "killed" });
    tell({ type: "node.started", node: "B", incarnation: 1, disk: "wiped" });
    expect(view.agreement.members.has("B")).toBe(false);
    expect(view.agreement.logs.has("B")).toBe(false);
  });

  it("are nobody that the mesh does not list", () => {
    const view = emptyView();
    const { tell } = raftMesh(FIVE);
    const stranger = meshOf(["A"]);
    for (const body of aboutStranger("X")) stranger.tell(body);
    expect({ ...stranger.view.agreement }).toEqual(view.agreement);
    expect(stranger.view.requests.size + stranger.view.proposals.list.size).toBe(0);
    expect(stranger.view.memory.namespaces.size + stranger.view.aggregates.size).toBe(0);
    const after = tell({ type: "node.removed", node: "E" });
    expect(after.agreement.members.has("E") || after.agreement.configs.has("E")).toBe(false);
  });
});

function aboutStranger(node: string): MeshEventBody[] {
  return [
    { type: "consensus.role", node, role: "leader", term: 9, reason: "x" },
    configOf([node]),
    logged(node, 1, 1),
    { type: "consensus.committed", node, term: 1, index: 3 },
    { type: "consensus.evidence", node, accused: "A", fault: "f", term: 1, index: 1, text: "" },
    { type: "request.submitted", node, request: "r", what: "w", text: "" },
    { type: "memory.namespace", node, namespace: "n", mode: "lww" },
    { type: "aggregate.estimate", node, metric: "m", epoch: 1, round: 1 },
  ];
}

describe("logs", () => {
  it("keep a window of the newest entries", () => {
    const { view, tell } = raftMesh(["A"]);
    for (let index = 1; index <= MAX_LOG_TAIL + 10; index += 1) tell(logged("A", index, 1));
    const tail = view.agreement.logs.get("A");
    expect(tail?.entries.size).toBe(MAX_LOG_TAIL);
    expect(tail).toMatchObject({ low: 11, high: MAX_LOG_TAIL + 10 });
    tell(logged("A", 1, 1));
    expect(tail?.entries.has(1)).toBe(false);
  });

  it("survive a leap of any size at once", () => {
    const { view, tell } = raftMesh(["A"]);
    tell(logged("A", 1, 1));
    tell(logged("A", Number.MAX_SAFE_INTEGER, 1));
    expect([...(view.agreement.logs.get("A")?.entries.keys() ?? [])]).toEqual([
      Number.MAX_SAFE_INTEGER,
    ]);
    tell({ type: "consensus.truncated", node: "A", from: 1, to: Number.MAX_SAFE_INTEGER });
    expect(view.agreement.logs.get("A")?.entries.size).toBe(0);
  });

  it("lose a conflicting tail, and take the new one", () => {
    const { view, tell } = raftMesh(["A"]);
    for (const index of [1, 2, 3]) tell(logged("A", index, 1));
    tell({ type: "consensus.truncated", node: "A", from: 2, to: 3 });
    expect(view.agreement.members.get("A")?.last).toBe(1);
    tell(logged("A", 2, 2));
    const terms = [...(view.agreement.logs.get("A")?.entries.values() ?? [])].map((e) => e.term);
    expect(terms).toEqual([1, 2]);
    expect(view.agreement.logs.get("A")).toMatchObject({ low: 1, high: 2 });
  });
});

describe("elections", () => {
  it("tell when the leader before was lost, and how long nobody led", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.stopped", node: "A", reason: "killed" }, 1_000_000);
    const role = { type: "consensus.role", node: "B", term: 2 } as const;
    tell({ ...role, role: "candidate", reason: "election-timeout" }, 1_200_000);
    tell({ ...role, role: "leader", leader: "B", reason: "elected" }, 1_215_000);
    expect(view.agreement.elections.get(electionKey("vote", 2))).toMatchObject({
      lostAt: 1_000_000,
      startedAt: 1_200_000,
      endedAt: 1_215_000,
      winner: "B",
      candidates: ["B"],
    });
    expect(view.agreement.lead).toMatchObject({ node: "B", lostAt: undefined });
  });

  it("keep the first answer of each voter with its reason", () => {
    const { view, tell } = raftMesh(FIVE);
    const vote = { type: "consensus.vote", node: "C", term: 2, candidate: "B" } as const;
    tell({ ...vote, phase: "vote", granted: false, reason: "log-behind" });
    tell({ ...vote, phase: "vote", granted: false, reason: "already-voted" });
    const answers = view.agreement.elections.get(electionKey("vote", 2))?.answers;
    expect([...(answers?.values() ?? [])]).toMatchObject([{ voter: "C", reason: "log-behind" }]);
  });

  it("end without a winner when the next one begins", () => {
    const mesh = raftMesh(FIVE);
    const role = { type: "consensus.role", role: "candidate", reason: "election-timeout" } as const;
    mesh.tell({ ...role, node: "B", term: 2 });
    elect(mesh, "C", 3, FIVE);
    const { elections, openElections } = mesh.view.agreement;
    expect(elections.get(electionKey("vote", 2))).toMatchObject({ winner: undefined });
    expect(elections.get(electionKey("vote", 2))?.endedAt).toBeDefined();
    expect(elections.get(electionKey("vote", 3))?.winner).toBe("C");
    expect(openElections.size).toBe(0);
  });

  it("are not won by the leader of a later term, nor is the question before them", () => {
    const { view, tell } = raftMesh(FIVE);
    const role = { type: "consensus.role", reason: "election-timeout" } as const;
    tell({ ...role, node: "B", role: "pre-candidate", term: 2 });
    tell({ ...role, node: "B", role: "candidate", term: 2 });
    tell({ ...role, node: "C", role: "leader", term: 3, leader: "C" });
    const { elections, openElections } = view.agreement;
    expect(elections.get(electionKey("vote", 2))?.winner).toBeUndefined();
    expect(elections.get(electionKey("pre-vote", 3))?.winner).toBeUndefined();
    expect(openElections.size).toBe(0);
  });

  it("are not lost by a leader that was only paused for a moment", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.paused", node: "A" });
    expect(view.agreement.lead?.lostAt).toBeDefined();
    tell({ type: "node.resumed", node: "A" });
    expect(view.agreement.lead?.lostAt).toBeUndefined();
  });
});

describe("rounds", () => {
  it("count votes once a member, and commit all entries up to the index", () => {
    const { view, tell } = raftMesh(FIVE);
    for (const index of [1, 2]) {
      tell(logged("A", index, 1));
      tell(logged("B", index, 1));
    }
    const count = { type: "consensus.counted", node: "A", term: 1, phase: "append" } as const;
    tell({ ...count, index: 2, from: "A", have: 1, needed: 3 });
    tell({ ...count, index: 2, from: "B", have: 2, needed: 3 });
    tell({ ...count, index: 2, from: "B", have: 2, needed: 3 });
    tell({ ...count, index: 2, from: "C", have: 3, needed: 3 }, 900_000);
    tell({ type: "consensus.committed", node: "A", term: 1, index: 2 });
    const rounds = view.agreement.rounds;
    expect(rounds.get(roundKey(1, 1))).toMatchObject({ committedBy: 1, proposer: "A" });
    const second = rounds.get(roundKey(2, 1));
    expect(second?.counts.get("A~append")).toMatchObject({ have: 3, reachedAt: 900_000 });
    expect(second?.counts.get("A~append")?.votes).toHaveLength(3);
    expect(view.agreement.roundVotes).toBe(3);
  });

  it("are not begun anew by a node that catches up", () => {
    const { view, tell } = raftMesh(FIVE);
    for (let index = 1; index <= MAX_ROUNDS + 5; index += 1) tell(logged("A", index, 1));
    tell({ type: "consensus.committed", node: "A", term: 1, index: MAX_ROUNDS + 5 });
    expect(view.agreement.rounds.size).toBe(MAX_ROUNDS);
    tell(logged("E", 1, 1));
    expect(view.agreement.rounds.has(roundKey(1, 1))).toBe(false);
  });

  it("keep what each node holds where the primary told them different things", () => {
    const { view, tell } = pbftMesh([..."ABCD"]);
    const round = { type: "consensus.round", term: 0, index: 1, phase: "pre-prepared" } as const;
    tell({ ...round, node: "B", digest: "one" });
    tell({ ...round, node: "C", digest: "two" });
    const nodes = view.agreement.rounds.get(roundKey(1, 0))?.nodes;
    expect([...(nodes?.values() ?? [])].map(({ digest }) => digest)).toEqual(["one", "two"]);
  });
});

describe("what is kept is bounded", () => {
  it("evidence: the first; requests and decisions: the newest", () => {
    const { view, tell } = raftMesh(["A", "B"]);
    for (let index = 0; index < MAX_EVIDENCE + 3; index += 1) {
      const about = { accused: "B", fault: "two", term: 1, index, text: "" };
      tell({ type: "consensus.evidence", node: "A", ...about });
    }
    expect(view.agreement.evidence.size).toBe(MAX_EVIDENCE);
    expect(view.agreement.evidenceDropped).toBe(3);
    for (let at = 0; at < MAX_REQUESTS + 3; at += 1) {
      tell({ type: "request.submitted", node: "A", request: `r${at}`, what: "w", text: "" });
    }
    expect([view.requests.size, view.requests.has("r2")]).toEqual([MAX_REQUESTS, false]);
    for (let at = 0; at < MAX_PROPOSALS + 3; at += 1) tell(called("A", `p${at}`));
    expect(view.proposals.list.size).toBe(MAX_PROPOSALS);
    expect(view.proposals.hearings).toBe(MAX_PROPOSALS);
  });

  it("memory: whole keys go, and what they held is counted", () => {
    const { view, tell } = raftMesh(["A", "B"]);
    const value = "x".repeat(16_000);
    const change = {
      type: "memory.changed",
      namespace: "n",
      version: "1",
      cause: "write",
    } as const;
    for (let at = 0; at < 200; at += 1) {
      tell({ ...change, node: "A", key: `k${at}`, values: [value] });
    }
    expect(view.memory.weight).toBeLessThanOrEqual(MAX_MEMORY_WEIGHT);
    const { keys } = view.memory.namespaces.get("n") ?? { keys: new Map() };
    expect(view.memory.dropped + keys.size).toBe(200);
    expect(keys.has("k199")).toBe(true);
  });
});

function called(node: string, proposal: string): MeshEventBody {
  const terms = { threshold: 0.67, quorum: 2, of: 2, deadline: 9 };
  return { type: "proposal.called", node, proposal, caller: "A", title: "t", text: "", ...terms };
}

describe("decisions", () => {
  it("know which node heard what, and when two heard different votes", () => {
    const { view, tell } = raftMesh(["A", "B", "C"]);
    tell(called("A", "p"));
    tell(called("B", "p"));
    const vote = { type: "proposal.voted", proposal: "p", voter: "C", reason: "" } as const;
    tell({ ...vote, node: "A", choice: "yes" });
    tell({ ...vote, node: "B", choice: "no" });
    const proposal = view.proposals.list.get("p");
    expect(proposal?.votes.get("C")).toMatchObject({ choice: "yes", conflicting: true });
    expect([...(proposal?.votes.get("C")?.heardBy ?? [])]).toEqual([
      ["A", "yes"],
      ["B", "no"],
    ]);
    const tally = { yes: 1, no: 0, abstain: 0, of: 3 };
    tell({ type: "proposal.decided", node: "A", proposal: "p", outcome: "no-quorum", ...tally });
    const decided = view.proposals.list.get("p");
    expect(decided?.outcome).toMatchObject({ outcome: "no-quorum" });
    expect(decided?.nodes.get("B")?.outcome).toBeUndefined();
  });

  it("stand on the timeline once a vote, not once a hearer", () => {
    const { view, tell } = raftMesh(["A", "B", "C"]);
    const before = view.timeline.entries.length;
    for (const node of ["A", "B", "C"]) tell(called(node, "p"));
    for (const node of ["A", "B", "C"]) {
      const vote = { proposal: "p", voter: "C", choice: "yes", reason: "" } as const;
      tell({ type: "proposal.voted", node, ...vote });
    }
    expect(view.timeline.entries.length - before).toBe(2);
  });
});

it("is read from snapshots that were written before there was agreement", () => {
  const snapshot = encodeSnapshot(raftMesh(FIVE).view);
  const { agreement: _agreement, state: _state, ...old } = snapshot.view as Record<string, unknown>;
  const view = decodeSnapshot({ ...snapshot, view: old });
  expect(view.nodes.size).toBe(5);
  expect(view.agreement).toEqual(emptyView().agreement);
});
