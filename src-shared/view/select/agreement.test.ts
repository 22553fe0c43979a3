import { describe, expect, it } from "vitest";
import { configOf, elect, logged, pbftMesh, raftMesh, traitor } from "../../testing/agreement.ts";
import { roundKey } from "../agreement-model.ts";
import { consensusQuorum, quorumSize } from "./consensus-quorum.ts";
import { electionTimes, expectedElectionMs } from "./election-times.ts";
import { leadership } from "./leadership.ts";
import { firstDivergence, logComparison } from "./log-comparison.ts";
import { memoryConvergence } from "./memory-convergence.ts";
import { roundProgress } from "./round-progress.ts";

const FIVE = [..."ABCDE"];

describe("leadership", () => {
  it("is somebody's only while a quorum of voters follows", () => {
    const { view } = raftMesh(FIVE);
    expect(leadership(view)).toMatchObject({ state: "led", leader: "A", term: 1 });
    expect(leadership(view).disagreements).toEqual([]);
  });

  it("is nobody's the moment the leader's process ends, whatever its followers still say", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.stopped", node: "A", reason: "killed" }, 700_000);
    expect(leadership(view)).toMatchObject({
      state: "none",
      leader: undefined,
      claims: [],
      lost: { node: "A", at: 700_000 },
    });
  });

  it("is not held by a process that is stopped in its tracks", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.paused", node: "A" });
    expect(leadership(view)).toMatchObject({ state: "none", leader: undefined });
    tell({ type: "node.resumed", node: "A" });
    expect(leadership(view)).toMatchObject({ state: "led", leader: "A", lost: undefined });
  });

  it("is not decided by a claim that nobody follows, and names who disagrees", () => {
    const mesh = raftMesh(FIVE);
    elect(mesh, "C", 2, ["C", "D", "E"]);
    const found = leadership(mesh.view);
    expect(found).toMatchObject({ state: "led", leader: "C", term: 2 });
    expect(found.claims.map(({ node, backed }) => [node, backed])).toEqual([
      ["C", true],
      ["A", false],
    ]);
    expect(found.disagreements).toEqual([
      { node: "A", term: 1, leader: "A" },
      { node: "B", term: 1, leader: "A" },
    ]);
  });

  it("is contested where somebody leads without a quorum", () => {
    const { view, tell } = raftMesh(FIVE);
    for (const node of ["B", "C", "D"]) {
      tell({ type: "consensus.role", node, role: "follower", term: 2, reason: "higher-term" });
    }
    expect(leadership(view)).toMatchObject({ state: "contested", leader: undefined, term: 2 });
  });

  it("is sought while somebody stands, and unknown before anybody spoke", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.stopped", node: "A", reason: "killed" });
    tell({ type: "consensus.role", node: "B", role: "pre-candidate", term: 1, reason: "x" });
    expect(leadership(view).state).toBe("electing");
    expect(leadership(raftMesh([]).view).state).toBe("unknown");
  });
});

describe("the quorum of consensus", () => {
  it("says how many more may go: 5 voters, 3 needed", () => {
    const { view, tell } = raftMesh(FIVE);
    expect(consensusQuorum(view)).toMatchObject({ needed: 3, canLose: 2, safety: "held" });
    tell({ type: "node.stopped", node: "E", reason: "killed" });
    tell({ type: "node.paused", node: "D" });
    expect(consensusQuorum(view)).toMatchObject({ canLose: 0, live: ["A", "B", "C"] });
  });

  it("of pBFT makes any two quorums share more than f: 4 of 5, not 2f + 1", () => {
    const sizes = [4, 5, 6, 7].map((n) => quorumSize("pbft", n, Math.floor((n - 1) / 3)));
    expect(sizes).toEqual([3, 4, 4, 5]);
    expect(quorumSize("raft", 5, 0)).toBe(3);
  });

  it("follows what is agreed on, not what one member has at the end of its log", () => {
    const { view, tell } = raftMesh(FIVE);
    tell(configOf(["A", "B"], { node: "A", index: 9, committed: false }));
    expect(consensusQuorum(view)).toMatchObject({ voters: FIVE, needed: 3 });
    tell(configOf(["A", "B"], { node: "B", index: 9 }));
    expect(consensusQuorum(view)).toMatchObject({ voters: ["A", "B"], needed: 2 });
  });

  it("counts both halves of a joint change", () => {
    const { view, tell } = raftMesh(FIVE);
    const joint = { index: 9, outgoing: ["A", "B", "C"], voters: ["C", "D", "E"], quorum: 2 };
    tell(configOf(["C", "D", "E"], { node: "A", ...joint }));
    tell({ type: "node.stopped", node: "A", reason: "killed" });
    tell({ type: "node.stopped", node: "B", reason: "killed" });
    expect(consensusQuorum(view)).toMatchObject({ canLose: -1 });
  });

  it("no longer promises safety with more traitors than it tolerates", () => {
    const { view, tell } = pbftMesh([..."ABCD"]);
    tell(traitor("f1", "B"));
    expect(consensusQuorum(view)).toMatchObject({ needed: 3, tolerates: 1, safety: "held" });
    const about = { accused: "C", fault: "two-prepares", term: 0, index: 1, text: "" };
    tell({ type: "consensus.evidence", node: "A", ...about });
    const quorum = consensusQuorum(view);
    expect(quorum?.safety).toBe("not-guaranteed");
    expect(quorum?.traitors).toEqual([
      { node: "B", why: ["replay"], ordered: true, proven: false },
      { node: "C", why: ["two-prepares"], ordered: false, proven: true },
    ]);
    tell({ type: "fault.cleared", fault: "f1", reason: "operator" });
    expect(consensusQuorum(view)?.safety).toBe("held");
  });

  it("of Raft promises nothing with one traitor, and does not count strangers", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.added", node: "F" });
    tell(traitor("f1", "F"));
    expect(consensusQuorum(view)?.safety).toBe("held");
    tell(traitor("f2", "E"));
    expect(consensusQuorum(view)?.safety).toBe("not-guaranteed");
  });

  it("does not count on voters that are told to be silent", () => {
    const { view, tell } = pbftMesh([..."ABCD"]);
    const spec = { kind: "byzantine" as const, node: "D", behaviours: ["silent" as const] };
    tell({ type: "fault.applied", fault: "f1", spec });
    expect(consensusQuorum(view)).toMatchObject({ canLose: 0, live: ["A", "B", "C"] });
  });
});

describe("logs side by side", () => {
  it("mark the entry that differs from what is committed, and where a log ends", () => {
    const { view, tell } = raftMesh(["A", "B", "C"]);
    for (const node of ["A", "B", "C"]) tell(logged(node, 1, 1));
    tell(logged("A", 2, 1, "lost"));
    tell(logged("B", 2, 2, "kept"));
    tell({ type: "consensus.committed", node: "B", term: 2, index: 2 });
    const { first, last, rows } = logComparison(view, ["A", "B", "C"], 1, 10);
    expect([first, last]).toEqual([1, 2]);
    expect(rows.map((row) => row.divergent)).toEqual([false, true]);
    expect(rows[1]?.cells).toMatchObject([
      { state: "entry", divergent: true, committed: false },
      { state: "entry", divergent: false, committed: true },
      { state: "missing", divergent: false },
    ]);
    expect(firstDivergence(view, ["A", "B", "C"])?.index).toBe(2);
    expect(firstDivergence(view, ["A", "C"])).toBeUndefined();
  });

  it("show a snapshot where the entry is gone, and pBFT's entries by digest alone", () => {
    const { view, tell } = pbftMesh([..."ABCD"]);
    tell(logged("A", 4, 0, "same"));
    tell(logged("B", 4, 1, "same"));
    const snapshot = { index: 4, term: 1, digest: "s", bytes: 70 };
    tell({ type: "consensus.snapshot", node: "C", how: "installed", ...snapshot });
    const [row] = logComparison(view, ["A", "B", "C", "D"], 0, 10).rows;
    expect(row?.divergent).toBe(false);
    expect(row?.cells.map((cell) => cell.state)).toEqual(["entry", "entry", "snapshot", "missing"]);
  });
});

describe("a round", () => {
  it("is drawn by phases, with who counted whom, and the request it answered", () => {
    const { view, tell } = raftMesh(["A", "B", "C"]);
    tell({ type: "request.submitted", node: "A", request: "r", what: "propose", text: "hello" });
    tell(logged("A", 1, 1));
    tell(logged("B", 1, 1));
    const count = { type: "consensus.counted", node: "A", term: 1, phase: "append" } as const;
    tell({ ...count, index: 1, from: "B", have: 2, needed: 2 });
    const answer = { type: "request.answered", node: "A", request: "r", code: "ok" } as const;
    tell({ type: "consensus.committed", node: "A", term: 1, index: 1 });
    tell({ ...answer, index: 1, tookUs: 9 });
    const progress = roundProgress(view, roundKey(1, 1));
    expect(progress).toMatchObject({ columns: ["append", "committed", "applied"], voters: 3 });
    expect(progress?.rows[0]).toMatchObject({ node: "A", committed: true, differs: false });
    expect(progress?.rows[0]?.cells[0]?.count).toMatchObject({ have: 2, needed: 2 });
    expect(progress?.requests.map(({ text }) => text)).toEqual(["hello"]);
    expect(roundProgress(view, "9~9")).toBeUndefined();
  });
});

describe("election times", () => {
  it("count from the loss of the leader, where that is known", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.stopped", node: "A", reason: "killed" }, 1_000_000);
    const role = { type: "consensus.role", node: "B", term: 2 } as const;
    tell({ ...role, role: "candidate", reason: "x" }, 1_150_000);
    tell({ ...role, role: "leader", leader: "B", reason: "elected" }, 1_170_000);
    const times = electionTimes(view);
    expect(times.withoutLeaderUs).toEqual([170_000]);
    expect(times.tookUs.at(-1)).toBe(20_000);
    expect(times).toMatchObject({ won: 2, failed: 0 });
  });

  it("are expected at 142.5 ms + 2L for 150 to 300 ms, four survivors, beats every 75 ms", () => {
    const raft = {
      electionTimeoutMinMs: 150,
      electionTimeoutMaxMs: 300,
      heartbeatMs: 75,
      preVote: false,
      checkQuorum: false,
      snapshotEvery: 1,
    };
    expect(expectedElectionMs(raft, 4, 0)).toBe(142.5);
    expect(expectedElectionMs(raft, 4, 10)).toBe(162.5);
    expect(expectedElectionMs({ ...raft, preVote: true }, 4, 10)).toBe(182.5);
  });
});

describe("memory", () => {
  it("names keys whose nodes differ, and siblings", () => {
    const { view, tell } = raftMesh(["A", "B"]);
    const change = { type: "memory.changed", namespace: "n", cause: "write" } as const;
    tell({ ...change, node: "A", key: "same", values: ["1"], version: "v1" });
    tell({ ...change, node: "B", key: "same", values: ["1"], version: "v1" });
    tell({ ...change, node: "A", key: "torn", values: ["1", "2"], version: "v2" });
    tell({ ...change, node: "B", key: "gone", values: [], version: "v3", cause: "delete" });
    expect(memoryConvergence(view, "n")).toMatchObject([
      { key: "gone", converged: true, gone: true },
      { key: "same", converged: true, siblings: false },
      { key: "torn", converged: false, siblings: true, without: ["B"] },
    ]);
    expect(memoryConvergence(view, "none")).toEqual([]);
  });
});
