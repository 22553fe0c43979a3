import { describe, expect, it } from "vitest";
import { type MeshCommandInput, meshCommandSchema } from "../../contract/commands.ts";
import { pbftMesh, raftMesh, traitor } from "../../testing/agreement.ts";
import { describedMesh, meshOf } from "../../testing/meshes.ts";
import type { MeshView } from "../model.ts";
import { preview } from "../preview.ts";
import { describePreview } from "./describe.ts";

const FIVE = [..."ABCDE"];

function plan(view: MeshView, command: MeshCommandInput) {
  return preview(view, meshCommandSchema.parse(command), describedMesh());
}

const noteOf = (view: MeshView, command: MeshCommandInput, code: string) =>
  plan(view, command).notes.find((note) => note.code === code);

describe("a preview", () => {
  it("says nothing of voters where there are none", () => {
    const { view } = meshOf(FIVE);
    const notes = plan(view, { type: "node.kill", nodes: ["A"] }).notes.map((note) => note.code);
    expect(notes).toContain("quorum-kept");
    expect(notes.some((code) => code.startsWith("voters"))).toBe(false);
  });

  it("of a kill tells the quorum that stays: 4 of 5, 3 needed, 1 more may go", () => {
    const { view } = raftMesh(FIVE);
    expect(noteOf(view, { type: "node.kill", nodes: ["E"] }, "voters-kept")).toMatchObject({
      severity: "info",
      params: { stopped: 1, live: 4, of: 5, needed: 3, canLose: 1 },
    });
    expect(noteOf(view, { type: "node.kill", nodes: ["E"] }, "loses-leader")).toBeUndefined();
    expect(noteOf(view, { type: "node.pause", nodes: ["A", "B"] }, "voters-tight")).toBeDefined();
    expect(noteOf(view, { type: "node.pause", nodes: ["A"] }, "loses-leader")?.params).toEqual({
      node: "A",
    });
    const three: MeshCommandInput = { type: "node.kill", nodes: ["C", "D", "E"] };
    expect(noteOf(view, three, "voters-lost")?.severity).toBe("danger");
  });

  it("of a restart tells that agreement comes back, and what a wiped voter forgets", () => {
    const { view, tell } = raftMesh(FIVE);
    for (const node of ["C", "D", "E"]) tell({ type: "node.stopped", node, reason: "killed" });
    const keep: MeshCommandInput = { type: "node.restart", nodes: ["C"], disk: "keep" };
    expect(noteOf(view, keep, "voters-regained")?.params).toMatchObject({ live: 3, needed: 3 });
    const wipe: MeshCommandInput = { ...keep, disk: "wipe" };
    expect(noteOf(view, wipe, "voter-forgets")?.severity).toBe("danger");
  });

  it("of a partition names the side that can agree, and a leader that is cut off", () => {
    const { view } = raftMesh(FIVE);
    const groups = [
      ["A", "B"],
      ["C", "D", "E"],
    ];
    const split: MeshCommandInput = { type: "network.partition", groups };
    expect(noteOf(view, split, "side-agrees")?.params).toMatchObject({ nodes: "C, D, E" });
    expect(noteOf(view, split, "side-stalls")?.params).toMatchObject({ count: 2, needed: 3 });
    expect(noteOf(view, split, "leader-cut-off")?.params).toEqual({ node: "A" });
    const shards: MeshCommandInput = {
      type: "network.partition",
      groups: [["A", "B"], ["C", "D"], ["E"]],
    };
    expect(noteOf(view, shards, "no-side-agrees")?.severity).toBe("danger");
  });

  it("of a transfer names who takes over: the next primary of pBFT is v mod n", () => {
    expect(
      noteOf(raftMesh(FIVE).view, { type: "consensus.transfer", to: "C" }, "hands-over")?.params,
    ).toEqual({ leader: "A", to: "C", next: 2 });
    expect(
      noteOf(pbftMesh([..."ABCD"]).view, { type: "consensus.transfer" }, "changes-view")?.params,
    ).toEqual({ leader: "A", to: "B", next: 1 });
    const { view, tell } = raftMesh(FIVE);
    tell({ type: "node.stopped", node: "A", reason: "killed" });
    expect(noteOf(view, { type: "consensus.transfer" }, "no-leader")).toBeDefined();
  });

  it("of a new configuration tells the new quorum, and that a stopped majority cannot agree", () => {
    const { view, tell } = raftMesh(FIVE);
    const three: MeshCommandInput = { type: "consensus.reconfigure", voters: ["A", "B", "C"] };
    expect(noteOf(view, three, "new-quorum")?.params).toMatchObject({ needed: 2, canLose: 1 });
    expect(noteOf(view, three, "voters-leave")?.params).toEqual({ nodes: "D, E" });
    for (const node of ["B", "C"]) tell({ type: "node.stopped", node, reason: "killed" });
    expect(noteOf(view, three, "new-quorum-lost")?.severity).toBe("danger");
    const stranger: MeshCommandInput = { type: "consensus.reconfigure", voters: ["A", "X"] };
    expect(plan(view, stranger).refused).toBe(true);
  });

  it("of a traitor counts it against what safety bears", () => {
    const { view, tell } = pbftMesh([..."ABCD"]);
    const turn = (node: string): MeshCommandInput => {
      return { type: "node.byzantine", node, behaviours: ["equivocate"] };
    };
    expect(noteOf(view, turn("B"), "safety-held")?.params).toMatchObject({ count: 1 });
    tell(traitor("f1", "B"));
    expect(noteOf(view, turn("B"), "safety-held")?.params).toMatchObject({ count: 1 });
    expect(describePreview(plan(view, turn("C")))).toContain(
      "‼ 2 traitors of 4 voters: more than f = 1, safety no longer guaranteed.",
    );
    expect(plan(view, turn("C")).undo).toEqual({
      type: "node.byzantine",
      node: "C",
      behaviours: [],
    });
    const honest = plan(view, { type: "node.byzantine", node: "B", behaviours: [] });
    expect(honest.notes.map((note) => note.code)).toEqual(["honest-again"]);
  });
});
