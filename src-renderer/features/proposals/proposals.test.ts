import { describe, expect, it } from "vitest";
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { VoteChoice } from "#shared/contract/state-events.ts";
import { meshOf, type ToldMesh } from "#shared/testing/meshes.ts";
import type { ProposalView } from "#shared/view/state-model.ts";
import { callCommand, EMPTY_CALL } from "./model/call.ts";
import { estimatesOf } from "./model/load.ts";
import { standingMatrix, worstOpinions } from "./model/standing.ts";
import { heldOutcomes, knowerRows, stateOf, tallyOf, voterRows } from "./model/tally.ts";

const CALLED = {
  type: "proposal.called",
  proposal: "A@1#1",
  caller: "A",
  title: "Move",
  text: "",
  threshold: 0.67,
  quorum: 3,
  of: 5,
  deadline: 1_000_000,
} as const;

function vote(node: string, voter: string, choice: VoteChoice): MeshEventBody {
  return { type: "proposal.voted", node, proposal: "A@1#1", voter, choice, reason: "because" };
}

function called(): ToldMesh {
  const mesh = meshOf([..."ABCDE"]);
  mesh.tell({ ...CALLED, node: "A" }, 100_000);
  return mesh;
}

function only({ view }: ToldMesh): ProposalView {
  const [proposal] = view.proposals.list.values();
  if (proposal === undefined) throw new Error("there is no proposal");
  return proposal;
}

describe("the tally", () => {
  it("weighs yes against no alone; abstentions make the quorum", () => {
    const mesh = called();
    mesh.tell(vote("A", "A", "yes"));
    mesh.tell(vote("B", "B", "abstain"));
    expect(tallyOf(only(mesh))).toMatchObject({ hasQuorum: false, hasThreshold: true, silent: 3 });
    mesh.tell(vote("C", "C", "no"));
    expect(tallyOf(only(mesh))).toMatchObject({
      yes: 1,
      no: 1,
      abstain: 1,
      cast: 3,
      hasQuorum: true,
      yesShare: 0.5,
      hasThreshold: false,
    });
  });

  it("has no share of yes where nobody said yes or no", () => {
    expect(tallyOf(only(called()))).toMatchObject({ yesShare: undefined, hasThreshold: false });
  });

  it("counts nothing of a member that voted twice, heard or proven", () => {
    const mesh = called();
    mesh.tell(vote("A", "B", "yes"));
    mesh.tell(vote("C", "B", "no"));
    mesh.tell(vote("A", "D", "yes"));
    mesh.tell({ type: "proposal.evidence", node: "A", proposal: "A@1#1", accused: "D" });
    expect(tallyOf(only(mesh))).toMatchObject({ yes: 0, no: 0, void: 2, cast: 0, silent: 3 });
    expect(voterRows(only(mesh), mesh.view).slice(0, 3)).toMatchObject([
      { node: "B", isVoid: true },
      { node: "D", isVoid: true },
      { node: "A", vote: undefined },
    ]);
  });
});

describe("the state", () => {
  it("is open until the deadline, then overdue, until an outcome is told", () => {
    const mesh = called();
    expect(stateOf(only(mesh), 1_000_000)).toBe("open");
    expect(stateOf(only(mesh), 1_000_001)).toBe("overdue");
    const counts = { yes: 3, no: 0, abstain: 0, of: 5 };
    mesh.tell({
      type: "proposal.decided",
      node: "B",
      proposal: "A@1#1",
      outcome: "accepted",
      ...counts,
    });
    expect(stateOf(only(mesh), 1_000_001)).toBe("accepted");
    expect(heldOutcomes(only(mesh))).toEqual(["accepted"]);
  });

  it("of each node is what it heard itself", () => {
    const mesh = called();
    mesh.tell({ ...CALLED, node: "B" }, 120_000);
    mesh.tell(vote("A", "A", "yes"), 130_000);
    mesh.tell({ type: "node.stopped", node: "E", reason: "killed" }, 140_000);
    const rows = knowerRows(only(mesh), mesh.view);
    expect(rows[0]).toMatchObject({ node: "A", afterUs: 0, votes: 1 });
    expect(rows[1]).toMatchObject({ node: "B", afterUs: 20_000, votes: 0 });
    expect(rows[4]).toMatchObject({ node: "E", afterUs: undefined, isRunning: false });
  });
});

describe("the form", () => {
  it("turns percent and seconds into what the mesh takes", () => {
    const draft = { ...EMPTY_CALL, title: " Move ", percent: "67", seconds: "1.5", node: "B" };
    expect(callCommand(draft)).toMatchObject({
      command: { title: "Move", threshold: 0.67, deadlineMs: 1_500, node: "B" },
    });
  });

  it("says which field does not hold", () => {
    const bad = (part: object) => callCommand({ ...EMPTY_CALL, title: "t", ...part });
    expect(bad({ title: " " })).toEqual({ ok: false, problem: "title" });
    for (const percent of ["", "0", "101", "x"]) {
      expect(bad({ percent })).toEqual({ ok: false, problem: "percent" });
    }
    for (const seconds of ["", "0", "-1", "x", "1e9"]) {
      expect(bad({ seconds })).toEqual({ ok: false, problem: "seconds" });
    }
  });
});

describe("standing", () => {
  const { view, tell } = meshOf([..."ABC"]);
  const changed = { type: "reputation.changed", standing: "watched", reason: "time-out" } as const;
  tell({ ...changed, node: "B", member: "C", score: -3 });
  tell({ ...changed, node: "A", member: "C", score: -9 });
  tell({ ...changed, node: "A", member: "B", score: 2, standing: "good" });

  it("is a matrix of those who have an opinion and those it is about, worst first", () => {
    expect(standingMatrix(view, 10)).toEqual({
      observers: ["A", "B"],
      members: ["C", "B"],
      hidden: 0,
    });
    expect(standingMatrix(view, 1)).toEqual({ observers: ["A"], members: ["C"], hidden: 2 });
  });

  it("is listed where it is bad, with the reason", () => {
    expect(worstOpinions(view, 10)).toMatchObject([
      { observer: "A", member: "C", score: -9, reason: "time-out" },
      { observer: "B", member: "C" },
    ]);
    expect(worstOpinions(view, 1)).toHaveLength(1);
  });
});

describe("estimates", () => {
  const { view, tell } = meshOf([..."ABC"]);
  const told = { type: "aggregate.estimate", metric: "load", epoch: 1, round: 9 } as const;
  tell({ ...told, node: "A", mean: 4, error: 0.1 });
  tell({ ...told, node: "B", mean: 6 });
  tell({ ...told, node: "C", mean: 5, count: 3, error: 0.3 });

  it("show how far the nodes lie apart, and unknown as unknown", () => {
    const [load] = estimatesOf(view);
    expect(load?.spreads.find(({ name }) => name === "mean")).toEqual({
      name: "mean",
      median: 5,
      low: 4,
      high: 6,
      known: 3,
    });
    expect(load?.spreads.find(({ name }) => name === "sum")).toMatchObject({
      median: undefined,
      known: 0,
    });
    expect(load?.error).toBe(0.3);
  });

  it("of nodes that are stopped or paused count no more", () => {
    tell({ type: "node.stopped", node: "C", reason: "killed" });
    tell({ type: "node.paused", node: "B" });
    expect(estimatesOf(view)[0]?.nodes.map(({ node }) => node)).toEqual(["A"]);
  });

  it("with a mean beyond the extremes are called impossible, but not within their error", () => {
    const mesh = meshOf([..."AB"]);
    mesh.tell({ ...told, node: "A", mean: 11, min: 5, max: 10, error: 0.2 });
    expect(estimatesOf(mesh.view)[0]?.impossible).toBe(false);
    mesh.tell({ ...told, node: "B", mean: 90, min: 5, max: 10, error: 0.2 });
    expect(estimatesOf(mesh.view)[0]?.impossible).toBe(true);
  });
});
