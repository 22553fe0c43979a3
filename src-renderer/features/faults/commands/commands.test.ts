import { raftMesh } from "#shared/testing/agreement.ts";
import type { LinkView } from "#shared/view/model.ts";
import { describe, expect, it } from "vitest";
import type { Command } from "../../../app/commands/command.ts";
import { createFaultsStore } from "../store.ts";
import { fakeApp } from "../testing.ts";
import { formCommands } from "./form-commands.ts";
import { linkCommands } from "./link-commands.ts";
import { NODE_COMMANDS } from "./node-commands.ts";

const store = createFaultsStore();
const all = [...NODE_COMMANDS, ...linkCommands(store), ...formCommands(store)];

function command(id: string): Command {
  const found = all.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no command is called ${id}`);
  return found;
}

const link: LinkView = {
  key: "A~B",
  a: "A",
  b: "B",
  aUp: true,
  bUp: true,
  reason: "",
  rttMs: undefined,
  since: 0,
};

describe("every command", () => {
  it("that destroys needs a modifier key, and no two share an id or a chord", () => {
    for (const { danger, keys = [] } of all) {
      if (danger === true) expect(keys.every((chord) => chord.startsWith("Mod+"))).toBe(true);
    }
    const ids = all.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const chords = all.flatMap(({ keys = [] }) => keys);
    expect(new Set(chords).size).toBe(chords.length);
  });

  it("says why the mesh or the session refuses it", () => {
    const { app } = fakeApp({ refusals: { "node.kill": "Serf cannot do that" } });
    app.selection.getState().selectNode("A");
    expect(command("node.kill").when(app)).toEqual({ state: "off", reason: "Serf cannot do that" });
  });
});

describe("commands on nodes", () => {
  it("want a selection that they fit", () => {
    const { app } = fakeApp({ changes: { B: { process: "stopped" } } });
    expect(command("node.kill").when(app)).toEqual({ state: "off", reason: "faults:off.node" });
    app.selection.getState().selectNode("B");
    expect(command("node.kill").when(app)).toEqual({ state: "off", reason: "faults:off.stopped" });
    app.selection.getState().selectNode("A", "add");
    expect(command("node.kill").when(app)).toEqual({ state: "on" });
  });

  it("act on those of the selection that they fit", async () => {
    const { app, sent } = fakeApp({
      changes: { B: { process: "stopped" }, C: { process: "paused" } },
    });
    app.selection.getState().selectNodes(["A", "B", "C"]);
    await command("node.kill").run(app);
    await command("node.pause").run(app);
    await command("node.resume").run(app);
    await command("node.restartWiped").run(app);
    expect(sent).toEqual([
      { type: "node.kill", nodes: ["A", "C"] },
      { type: "node.pause", nodes: ["A"] },
      { type: "node.resume", nodes: ["C"] },
      { type: "node.restart", nodes: ["A", "B", "C"], disk: "wipe" },
    ]);
  });

  it("that take one node refuse two", () => {
    const { app } = fakeApp();
    app.selection.getState().selectNodes(["A", "B"]);
    expect(command("node.remove").when(app)).toEqual({ state: "off", reason: "faults:off.one" });
    app.selection.getState().selectNode("A");
    expect(command("node.remove").when(app)).toEqual({ state: "on" });
  });

  it("of another kind of engine are not shown at all", () => {
    const sandbox = fakeApp({ capabilities: { "member.forceLeave": "only Serf" } });
    sandbox.app.selection.getState().selectNode("A");
    expect(command("node.forceLeave").when(sandbox.app)).toEqual({ state: "hidden" });
    const serf = fakeApp({ capabilities: { "member.forceLeave": null } });
    serf.app.selection.getState().selectNode("A");
    expect(command("node.forceLeave").when(serf.app)).toEqual({ state: "on" });
  });
});

describe("cuts", () => {
  it("part the selected nodes from all others", async () => {
    const { app, sent } = fakeApp();
    app.selection.getState().selectNodes(["D", "E"]);
    await command("network.partition").run(app);
    await command("network.silence").run(app);
    expect(sent).toEqual([
      {
        type: "network.partition",
        groups: [
          ["D", "E"],
          ["A", "B", "C"],
        ],
      },
      { type: "network.cut", from: ["D", "E"], to: ["A", "B", "C"], oneWay: true },
    ]);
  });

  it("need somebody on the other side", () => {
    const { app } = fakeApp({ nodes: "AB" });
    app.selection.getState().selectNodes(["A", "B"]);
    expect(command("network.partition").when(app)).toEqual({
      state: "off",
      reason: "faults:off.all",
    });
  });

  it("of a link go both ways, there, or back", async () => {
    const { app, sent } = fakeApp({ links: [link] });
    expect(command("link.cut").when(app)).toEqual({ state: "off", reason: "faults:off.link" });
    app.selection.getState().selectLink("A~B");
    for (const id of ["link.cut", "link.cutForward", "link.cutBackward"]) {
      await command(id).run(app);
    }
    expect(sent).toEqual([
      { type: "network.cut", from: ["A"], to: ["B"], oneWay: false },
      { type: "network.cut", from: ["A"], to: ["B"], oneWay: true },
      { type: "network.cut", from: ["B"], to: ["A"], oneWay: true },
    ]);
  });
});

describe("commands with a form", () => {
  it("fill it in for what is selected and show it", async () => {
    const { app, prefs } = fakeApp({ links: [link] });
    app.selection.getState().selectLink("A~B");
    await command("link.slow").run(app);
    expect(store.getState().draft).toMatchObject({
      kind: "conditions",
      scope: "between",
      targets: ["A"],
      others: ["B"],
    });
    expect(prefs).toMatchObject({ dockOpen: true, dockPanel: "faults", dockHeight: 330 });
  });

  it("take the whole mesh where nothing is selected", async () => {
    const { app } = fakeApp();
    await command("network.conditions").run(app);
    expect(store.getState().draft).toMatchObject({ scope: "mesh", targets: [] });
  });

  it("a route needs one node, or both ends", () => {
    const { app } = fakeApp();
    app.selection.getState().selectNodes(["A", "B"]);
    expect(command("node.trace").when(app)).toEqual({ state: "on" });
    app.selection.getState().selectNode("C", "add");
    expect(command("node.trace").when(app)).toEqual({ state: "off", reason: "faults:off.two" });
  });
});

describe("traitors and disks", () => {
  it("take one node, and open what asks for the rest", async () => {
    const { app } = fakeApp({ changes: { B: { process: "stopped" } } });
    app.selection.getState().selectNode("A");
    await command("node.byzantine").run(app);
    expect(store.getState().dialog).toEqual({ kind: "byzantine", node: "A" });
    expect(command("node.damageDisk").when(app)).toEqual({
      state: "off",
      reason: "faults:off.notStopped",
    });
    app.selection.getState().selectNode("B");
    await command("node.damageDisk").run(app);
    expect(store.getState().dialog).toEqual({ kind: "disk", node: "B" });
    store.getState().open(undefined);
    app.selection.getState().selectNodes(["A", "B"]);
    expect(command("node.byzantine").when(app)).toEqual({ state: "off", reason: "faults:off.one" });
  });

  it("are honest again only where they lied", async () => {
    const { app, sent, view } = fakeApp();
    app.selection.getState().selectNodes(["A", "B"]);
    expect(command("node.honest").when(app)).toEqual({ state: "off", reason: "faults:off.honest" });
    const spec = { kind: "byzantine", node: "B", behaviours: ["silent"] } as const;
    view.faults.set("f", {
      id: "f",
      spec: { ...spec, behaviours: ["silent"] },
      since: 0,
      until: undefined,
    });
    await command("node.honest").run(app);
    expect(sent).toEqual([{ type: "node.byzantine", node: "B", behaviours: [] }]);
  });

  it("a kill can tear what is being written", async () => {
    const { app, sent } = fakeApp();
    app.selection.getState().selectNode("A");
    await command("node.killTorn").run(app);
    expect(sent).toEqual([{ type: "node.kill", nodes: ["A"], tornWrite: true }]);
  });
});

describe("the lead", () => {
  it("is handed over in Raft alone, and not to who has it", async () => {
    const { app, sent, view } = fakeApp();
    app.selection.getState().selectNode("B");
    expect(command("node.lead").when(app)).toEqual({ state: "hidden" });
    Object.assign(view, raftMesh([..."ABC"]).view);
    expect(command("node.lead").when(app)).toEqual({ state: "on" });
    await command("node.lead").run(app);
    expect(sent).toEqual([{ type: "consensus.transfer", to: "B" }]);
    app.selection.getState().selectNode("A");
    expect(command("node.lead").when(app)).toEqual({ state: "off", reason: "faults:off.leads" });
  });
});
