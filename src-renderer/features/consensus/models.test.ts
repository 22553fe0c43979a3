import { describe, expect, it } from "vitest";
import type { Inspection } from "#shared/contract/inspection.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { electionKey } from "#shared/view/agreement-model.ts";
import { elect, logged, raftMesh } from "#shared/testing/agreement.ts";
import { histogramOf, median, ticksOf } from "./elections/histogram.ts";
import { ballotOf, courseOf, electionRows } from "./elections/model.ts";
import { pollInspections } from "./members/inspection-poll.ts";
import { memberRows, progressOf, roleKey, timersOf } from "./members/model.ts";
import { quorumBar, roundRows, voteMarks } from "./rounds/model.ts";

const FIVE = [..."ABCDE"];

describe("rounds", () => {
  it("name what was asked only once the entry is committed", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "request.submitted", node: "A", request: "r", what: "propose", text: "hello" });
    tell(logged("A", 1, 1));
    tell({ type: "request.answered", node: "A", request: "r", code: "ok", index: 1, tookUs: 5 });
    expect(roundRows(view)).toMatchObject([{ index: 1, text: undefined, tookUs: undefined }]);
    tell({ type: "consensus.committed", node: "A", term: 1, index: 1 });
    expect(roundRows(view)).toMatchObject([{ text: "hello", committedBy: 1, voters: 5 }]);
  });

  it("give every voter its place among the votes, whoever came first", () => {
    const votes = [
      { from: "C", at: 3 },
      { from: "X", at: 4 },
    ];
    const count = { observer: "A", phase: "append", have: 2, needed: 3, votes } as const;
    expect(voteMarks({ ...count, reachedAt: undefined }, ["A", "B", "C"])).toEqual([
      { from: "A", at: undefined },
      { from: "B", at: undefined },
      { from: "C", at: 3 },
      { from: "X", at: 4 },
    ]);
    expect(voteMarks(undefined, ["A"])).toEqual([{ from: "A", at: undefined }]);
    expect(quorumBar({ have: 4, needed: 3 }, 5)).toEqual({ fill: 0.8, line: 0.6 });
    expect(quorumBar({ have: 9, needed: 3 }, 0).fill).toBe(1);
  });
});

describe("elections", () => {
  const mesh = raftMesh(FIVE);
  const { view, tell } = mesh;
  tell({ type: "node.stopped", node: "A", reason: "killed" }, 1_000_000);
  const vote = { type: "consensus.vote", phase: "vote", term: 2, candidate: "B" } as const;
  const role = { type: "consensus.role", node: "B", term: 2 } as const;
  tell({ ...role, role: "candidate", reason: "x" }, 1_200_000);
  tell({ ...vote, node: "C", granted: true, reason: "granted" }, 1_210_000);
  tell({ ...vote, node: "D", granted: false, reason: "log-behind" }, 1_220_000);
  const tally = { type: "consensus.tally", node: "B", term: 2, phase: "vote" } as const;
  tell({ ...tally, from: "C", granted: true, have: 2, needed: 3 }, 1_230_000);
  tell({ ...role, role: "leader", leader: "B", reason: "elected" }, 1_250_000);
  const election = view.agreement.elections.get(electionKey("vote", 2));
  if (election === undefined) throw new Error("there was no election");

  it("are a row each, with the time without a leader where it is known", () => {
    expect(electionRows(view)).toMatchObject([
      { term: 1, winner: "A", withoutUs: undefined },
      { term: 2, winner: "B", tookUs: 50_000, withoutUs: 250_000, open: false },
    ]);
  });

  it("list every voter, also the one that never answered", () => {
    const ballot = ballotOf(view, election);
    expect(ballot.candidates).toMatchObject([{ node: "B", tally: { have: 2, needed: 3 } }]);
    expect(ballot.rows.map(({ voter, cells }) => [voter, cells[0]?.answer?.granted])).toEqual([
      ["A", undefined],
      ["B", undefined],
      ["C", true],
      ["D", false],
      ["E", undefined],
    ]);
    expect(ballot.rows[1]?.cells[0]?.self).toBe(true);
  });

  it("run from the loss of the leader to the win", () => {
    const { from, to, marks } = courseOf(election);
    expect([from, to]).toEqual([1_000_000, 1_250_000]);
    expect(marks.map(({ kind, place }) => [kind, place])).toEqual([
      ["lost", 0],
      ["voted", 0.84],
      ["refused", 0.88],
      ["counted", 0.92],
      ["won", 1],
    ]);
  });

  it("fall into bins of a round width, none left out", () => {
    const times = [142_000, 143_000, 600_000];
    const { bins, end, most, medianUs } = histogramOf(times, 513);
    expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(3);
    expect([end, most, medianUs]).toEqual([625, 2, 143_000]);
    expect(histogramOf([], 513).medianUs).toBeUndefined();
    expect(histogramOf([1e12], 513).bins.length).toBeLessThan(30);
    expect(median([4, 1])).toBe(2.5);
    expect(ticksOf(525)).toEqual([0, 100, 200, 300, 400, 500]);
  });
});

describe("members", () => {
  it("keep their places, say who is no voter, and that a stopped one has no role", () => {
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.added", node: "Z" });
    tell({ type: "consensus.role", node: "Z", role: "learner", term: 1, reason: "start" });
    tell({ type: "node.stopped", node: "B", reason: "killed" });
    const rows = memberRows(view);
    expect(rows.map((row) => row.node)).toEqual([...FIVE, "Z"]);
    expect(rows[0]).toMatchObject({ leads: true, seat: "voter", votedFor: "A" });
    expect(rows.map(roleKey)).toEqual([
      "leader",
      "stopped",
      "follower",
      "follower",
      "follower",
      "learner",
    ]);
    expect(rows[5]?.seat).toBe("none");
  });

  it("are not bound by a vote of an older term", () => {
    const mesh = raftMesh(FIVE);
    elect(mesh, "B", 2, ["B", "C"]);
    const { view, tell } = mesh;
    tell({ type: "consensus.role", node: "D", role: "follower", term: 2, reason: "higher-term" });
    const votes = memberRows(view).map((row) => row.votedFor);
    expect(votes).toEqual(["A", "B", "B", undefined, "A"]);
  });

  it("count their timers down by their own clock", () => {
    const longest = new Map<string, number>();
    const consensus = {
      timers: [{ timer: "raft:election", at: 1_300 }],
    } as Inspection["consensus"];
    expect(timersOf({ consensus, clock: 1_000 }, longest)).toEqual([
      { name: "election", leftUs: 300, share: 1 },
    ]);
    expect(timersOf({ consensus, clock: 1_225 }, longest)).toMatchObject([{ share: 0.25 }]);
    expect(timersOf({ consensus, clock: 1_400 }, longest)).toMatchObject([{ share: 0 }]);
    const peers = [{ node: "B", match: 4, next: 5, state: "replicate", inFlight: 0 }];
    const answer = { consensus: { peers } } as unknown as Inspection;
    expect(progressOf(new Map([["A", answer]]), "A", "B")).toMatchObject({ match: 4, next: 5 });
    expect(progressOf(new Map(), "A", "B")).toBeUndefined();
  });
});

describe("asking what members hold", () => {
  function world(answer: () => Promise<Inspection>) {
    const asked: string[] = [];
    const got: number[] = [];
    const refused: string[] = [];
    const now = { moving: true, newest: 1, seen: true };
    let tick = (): void => {};
    const stop = pollInspections({
      nodes: ["A", "B"],
      inspect: (node) => {
        asked.push(node);
        return answer();
      },
      isMoving: () => now.moving,
      newest: () => now.newest,
      isSeen: () => now.seen,
      onAnswers: (answers) => got.push(answers.size),
      onRefused: (reason) => refused.push(reason),
      every: (call) => {
        tick = call;
        return () => {};
      },
    });
    const settle = () => new Promise((resolve) => setTimeout(resolve));
    const beat = async () => {
      tick();
      await settle();
    };
    return { asked, got, refused, now, beat, stop, settle };
  }
  const hold = () => Promise.resolve({} as Inspection);

  it("goes on while time passes, and asks once more after it stopped", async () => {
    const { asked, now, beat, settle } = world(hold);
    await settle();
    await beat();
    expect(asked).toHaveLength(4);
    now.moving = false;
    await beat();
    await beat();
    expect(asked).toHaveLength(6);
    now.newest = 2;
    await beat();
    expect(asked).toHaveLength(8);
  });

  it("rests while nobody looks, and ends when stopped", async () => {
    const { asked, now, beat, stop, settle } = world(hold);
    await settle();
    now.seen = false;
    await beat();
    now.seen = true;
    stop();
    await beat();
    expect(asked).toHaveLength(2);
  });

  it("leaves out a node that does not answer, and ends where nobody may ask", async () => {
    const down = world(() => Promise.reject(new MeshError("not-running", "it is down")));
    await down.settle();
    expect(down.got).toEqual([0]);
    const never = world(() => Promise.reject(new MeshError("not-supported", "no")));
    await never.settle();
    await never.beat();
    expect([never.refused, never.asked.length]).toEqual([["no"], 2]);
  });
});
