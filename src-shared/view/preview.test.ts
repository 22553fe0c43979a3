import { describe, expect, it } from "vitest";
import { type MeshCommandInput, meshCommandSchema, type Role } from "../contract/commands.ts";
import type { MeshDescription } from "../contract/description.ts";
import { describedMesh, meshOf } from "../testing/meshes.ts";
import type { MeshView } from "./model.ts";
import { preview } from "./preview.ts";
import { describePreview } from "./preview/describe.ts";

const NINE = [..."ABCDEFGHI"];
const RING = ["AB", "BC", "CD", "DE", "EF", "FG", "GH", "HI", "IA"];
const remote = describedMesh({ sandbox: false, kind: "remote" });

function plan(
  view: MeshView,
  command: MeshCommandInput,
  description: MeshDescription = describedMesh(),
  role?: Role,
) {
  return preview(view, meshCommandSchema.parse(command), description, role);
}

function codes(view: MeshView, command: MeshCommandInput) {
  return plan(view, command).notes.map((note) => note.code);
}

const noteOf = (view: MeshView, command: MeshCommandInput, code: string) =>
  plan(view, command).notes.find((note) => note.code === code);

describe("killing", () => {
  const { view } = meshOf(NINE, RING);

  it("tells the majority that stays: 5 of 9 needed, 8 stay, 3 more may go", () => {
    expect(noteOf(view, { type: "node.kill", nodes: ["E"] }, "quorum-kept")).toMatchObject({
      severity: "info",
      params: { of: 9, needed: 5, present: 8, canLose: 3 },
    });
  });

  it("warns when exactly a majority stays", () => {
    const nodes = ["A", "B", "C", "D"];
    expect(noteOf(view, { type: "node.kill", nodes }, "quorum-tight")).toMatchObject({
      severity: "warn",
      params: { present: 5, canLose: 0 },
    });
  });

  it("is dangerous when one more goes", () => {
    const nodes = ["A", "B", "C", "D", "E"];
    expect(noteOf(view, { type: "node.kill", nodes }, "quorum-lost")).toMatchObject({
      severity: "danger",
      params: { present: 4, needed: 5, canLose: -1 },
    });
  });

  it("counts a node that is named twice once", () => {
    const note = noteOf(view, { type: "node.kill", nodes: ["E", "E"] }, "quorum-kept");
    expect(note?.params["present"]).toBe(8);
  });

  it("counts the links, and sees the overlay fall apart only when it does", () => {
    expect(codes(view, { type: "node.kill", nodes: ["E"] })).toEqual([
      "stops",
      "quorum-kept",
      "links-lost",
      "undone-by",
    ]);
    const two: MeshCommandInput = { type: "node.kill", nodes: ["B", "E"] };
    expect(noteOf(view, two, "links-lost")?.params).toEqual({ count: 4 });
    expect(noteOf(view, two, "overlay-cut")).toMatchObject({
      severity: "danger",
      params: { parts: 2, sizes: "5, 2" },
    });
  });

  it("is taken back by a restart that keeps the disk", () => {
    expect(plan(view, { type: "node.kill", nodes: ["E"] }).undo).toEqual({
      type: "node.restart",
      nodes: ["E"],
      disk: "keep",
    });
  });
});

describe("leaving", () => {
  it("shrinks what the majority is counted of, other than a crash", () => {
    const { view } = meshOf(["A", "B", "C", "D", "E"]);
    expect(noteOf(view, { type: "node.remove", node: "E" }, "quorum-kept")?.params).toEqual({
      of: 4,
      needed: 3,
      present: 4,
      canLose: 1,
    });
  });
});

describe("restarting", () => {
  it("tells that the majority comes back", () => {
    const { view, tell } = meshOf(["A", "B", "C"]);
    tell({ type: "node.stopped", node: "B", reason: "killed" });
    tell({ type: "node.stopped", node: "C", reason: "killed" });
    const command: MeshCommandInput = { type: "node.restart", nodes: ["C"], disk: "keep" };
    expect(codes(view, command)).toEqual(["starts", "quorum-regained"]);
  });

  it("is dangerous when it wipes the disk, and asks on a remote mesh", () => {
    const { view, tell } = meshOf(["A", "B", "C"]);
    tell({ type: "node.stopped", node: "C", reason: "killed" });
    const wiping = plan(view, { type: "node.restart", nodes: ["C"], disk: "wipe" }, remote);
    expect(wiping.notes.map((note) => note.code)).toContain("loses-disk");
    expect(wiping).toMatchObject({ tier: "risky", confirmWord: "C" });
    const keeping = plan(view, { type: "node.restart", nodes: ["C"], disk: "keep" }, remote);
    expect(keeping.tier).toBe("sandbox");
  });
});

describe("partitioning", () => {
  const { view } = meshOf(NINE, RING);

  it("says which side keeps the majority; nodes in no group stay with the first", () => {
    const notes = plan(view, { type: "network.partition", groups: [["A"], ["B", "C", "D"]] }).notes;
    expect(notes).toMatchObject([
      { code: "side-majority", params: { count: 6, needed: 5, of: 9 } },
      { code: "side-minority", params: { count: 3, nodes: "B, C, D" } },
      { code: "links-lost", params: { count: 2 } },
      { code: "undone-by" },
    ]);
  });

  it("is dangerous when no side has one", () => {
    const { view } = meshOf(["A", "B", "C", "D"]);
    const groups = [
      ["A", "B"],
      ["C", "D"],
    ];
    expect(noteOf(view, { type: "network.partition", groups }, "no-side-majority")).toMatchObject({
      severity: "danger",
      params: { needed: 3, of: 4 },
    });
  });

  it("ends by itself when told to", () => {
    const groups = [["A"], ["B"]];
    const command = { type: "network.partition", groups, forMs: 5_000 } as const;
    expect(noteOf(view, command, "ends-by-itself")?.params).toEqual({ ms: 5_000 });
    expect(plan(view, command).undo).toEqual({ type: "fault.clear", fault: "created" });
  });
});

describe("refusals", () => {
  const { view, tell } = meshOf(["A", "B", "C"]);
  tell({ type: "node.stopped", node: "C", reason: "killed" });
  tell({ type: "node.paused", node: "B" });

  it.each([
    [{ type: "node.kill", nodes: ["X"] }, "unknown-node"],
    [{ type: "node.kill", nodes: ["C"] }, "wrong-state"],
    [{ type: "node.restart", nodes: ["A"], disk: "keep" }, "wrong-state"],
    [{ type: "node.resume", nodes: ["A"] }, "wrong-state"],
    [{ type: "node.pause", nodes: ["B"] }, "wrong-state"],
    [{ type: "node.add", node: "A" }, "already-exists"],
    [{ type: "node.add", seeds: ["X"] }, "unknown-node"],
    [{ type: "fault.clear", fault: "f9" }, "unknown-fault"],
    [{ type: "network.partition", groups: [["A"], ["A", "B"]] }, "on-two-sides"],
  ] satisfies [MeshCommandInput, string][])(
    "%j: %s, and no effect is promised",
    (command, code) => {
      const { notes, refused } = plan(view, command);
      expect(refused).toBe(true);
      expect(notes.map((note) => note.code)).toEqual([code]);
    },
  );

  it("gives the reason of the source, and tells a lower role what is needed", () => {
    const reason = "Serf cannot cut its network.";
    const serf = describedMesh({ capabilities: { "node.kill": reason, "node.remove": null } });
    const kill = { type: "node.kill", nodes: ["A"] } as const;
    expect(plan(view, { ...kill, nodes: ["A"] }, serf).notes).toMatchObject([
      { code: "not-offered", params: { reason } },
    ]);
    const remove = { type: "node.remove", node: "A" } as const;
    expect(plan(view, remove, serf, "operator").notes).toMatchObject([
      { code: "below-role", params: { role: "operator", needed: "admin" } },
    ]);
    expect(plan(view, remove, serf, "admin").refused).toBe(false);
  });
});

describe("tiers", () => {
  const { view } = meshOf(NINE, RING);
  const kill = (...nodes: string[]): MeshCommandInput => ({ type: "node.kill", nodes });

  it("never ask in a sandbox", () => {
    expect(plan(view, kill(...NINE))).toMatchObject({ tier: "sandbox", confirmWord: undefined });
  });

  it("leave a window for what can be taken back on a remote mesh", () => {
    expect(plan(view, kill("E"), remote)).toMatchObject({ tier: "recoverable" });
    expect(plan(view, kill("D", "E"), remote)).toMatchObject({ tier: "recoverable" });
  });

  it("want the name typed for many nodes, for dangers, and for what cannot be taken back", () => {
    expect(plan(view, kill("A", "B", "C"), remote)).toMatchObject({
      tier: "risky",
      confirmWord: "demo mesh",
    });
    expect(plan(view, kill("B", "E"), remote)).toMatchObject({ tier: "risky" });
    expect(plan(view, { type: "node.remove", node: "E" }, remote)).toMatchObject({
      tier: "risky",
      confirmWord: "E",
    });
    const everywhere = { scope: { kind: "mesh" }, conditions: { loss: 0.2 } } as const;
    const lossy = plan(view, { type: "network.conditions", ...everywhere }, remote);
    expect(lossy).toMatchObject({ tier: "risky", confirmWord: "demo mesh" });
  });

  it("do not ask for what takes nothing away", () => {
    expect(plan(view, { type: "fault.clearAll" }, remote).tier).toBe("sandbox");
    expect(plan(view, { type: "node.slow", node: "A", delayMs: 0 }, remote).tier).not.toBe("risky");
  });
});

it("reads well in English", () => {
  const { view } = meshOf(["A", "B", "C"], ["AB", "BC"]);
  expect(describePreview(plan(view, { type: "node.kill", nodes: ["B"] }))).toBe(
    [
      "! Stops 1 of 3 nodes: B.",
      "! 2 of 3 members stay, just a majority; no more may go.",
      "  2 links are lost.",
      "‼ The overlay falls into 2 parts (of 1, 1 nodes) until links are repaired.",
      "  Can be taken back with node.restart.",
    ].join("\n"),
  );
});
