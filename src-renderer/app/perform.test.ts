import type { MeshDescription } from "#shared/contract/description.ts";
import { COMMAND_TYPES } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { emptyView } from "#shared/view/empty.ts";
import { foldAll } from "#shared/view/fold.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createConsole } from "../state/console.ts";
import { createPrefs } from "../state/prefs.ts";
import { loadPrefs } from "./kept-prefs.ts";
import { MeshStore } from "../state/mesh-store.ts";
import { createToasts } from "../state/toasts.ts";
import { createI18n } from "./i18n/index.ts";
import { describeCommand, perform, previewOf, refusalOf } from "./perform.ts";
import { describeMesh, fakeHost, STATUS } from "../state/testing/fake-host.ts";
import { createUi } from "./ui-store.ts";

const english = createI18n("en");
const t = (key: string, params?: Readonly<Record<string, unknown>>) =>
  english.t(key, { ...params });

function setUp(part: Partial<MeshDescription> = {}) {
  const host = fakeHost();
  const mesh = new MeshStore("demo", { request: () => {}, now: () => 0 });
  const view = emptyView();
  foldAll(
    view,
    ["A", "B", "C", "D", "E"].flatMap((node, at) => [
      { seq: at * 2 + 1, at: 0, type: "node.added" as const, node },
      {
        seq: at * 2 + 2,
        at: 0,
        type: "node.started" as const,
        node,
        incarnation: 0,
        disk: "new" as const,
      },
    ]),
  );
  mesh.replace(view);
  const console = createConsole();
  console.setState({
    link: { state: "live" },
    role: "admin",
    listings: [{ description: describeMesh(part), status: STATUS }],
    active: "demo",
    mesh,
  });
  const prefs = createPrefs(loadPrefs({ getItem: () => null, setItem: () => {} }), () => {});
  const deps = { host: host.client, console, prefs, ui: createUi(), toasts: createToasts(), t };
  const toasts = () => deps.toasts.getState().toasts;
  return { host, deps, console, mesh, toasts };
}

const KILL = { type: "node.kill" as const, nodes: ["E"] };
const REMOTE = { sandbox: false, kind: "remote" as const };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("refusal", () => {
  it("names the first thing in the way", () => {
    const { deps, console } = setUp({ capabilities: { "node.kill": "Serf cannot kill." } });
    expect(refusalOf(deps, "node.kill")).toBe("Serf cannot kill.");
    expect(refusalOf(deps, "node.pause")).toBe("This mesh does not offer it");
    console.setState({ link: { state: "connecting" } });
    expect(refusalOf(deps, "node.kill")).toBe("Not connected");
    console.setState({ mesh: undefined });
    expect(refusalOf(deps, "node.kill")).toBe("No mesh is open");
  });

  it("knows the role that is needed", () => {
    const { deps, console } = setUp();
    console.setState({ role: "operator" });
    expect(refusalOf(deps, "node.kill")).toBeUndefined();
    expect(refusalOf(deps, "node.remove")).toBe("Needs the role admin");
  });

  it("locks a read-only console, save for what a viewer may do", () => {
    const { deps, console } = setUp();
    console.setState({ locked: true });
    expect(refusalOf(deps, "node.kill")).toBe("This console is locked to read-only");
    expect(refusalOf(deps, "route.trace")).toBeUndefined();
  });

  it("changes nothing while looking at the past, save for time itself", () => {
    const { deps, mesh } = setUp();
    mesh.showPast({ at: 0, view: emptyView() });
    expect(refusalOf(deps, "node.kill")).toContain("past");
    expect(refusalOf(deps, "time.play")).toBeUndefined();
  });
});

describe("perform", () => {
  it("sends at once in a sandbox and offers to take it back", async () => {
    const { host, deps, toasts } = setUp();
    expect(await perform(deps, KILL)).toBe(true);
    expect(host.asked).toEqual([
      { method: "mesh.command", params: { mesh: "demo", command: KILL } },
    ]);
    expect(toasts()[0]).toMatchObject({ tone: "success", text: "Done: Kill E" });
    expect(deps.ui.getState().undo).toEqual([
      { mesh: "demo", command: { type: "node.restart", nodes: ["E"], disk: "keep" } },
    ]);
    toasts()[0]?.action?.run();
    await vi.runAllTimersAsync();
    expect(host.asked[1]?.params).toMatchObject({ command: { type: "node.restart" } });
    expect(deps.ui.getState().undo).toEqual([]);
  });

  it("clears the very fault that was made", async () => {
    const { host, deps } = setUp();
    host.answer("mesh.command", { created: "f7" });
    await perform(deps, { type: "network.cut", from: ["A"], to: ["B"] });
    expect(deps.ui.getState().undo[0]?.command).toEqual({ type: "fault.clear", fault: "f7" });
  });

  it("waits five seconds on a remote mesh and sends nothing when cancelled", async () => {
    const { host, deps, toasts } = setUp(REMOTE);
    const first = perform(deps, KILL);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(host.asked).toEqual([]);
    toasts()[0]?.action?.run();
    expect(await first).toBe(false);
    await vi.runAllTimersAsync();
    expect(host.asked).toEqual([]);

    const second = perform(deps, KILL);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await second).toBe(true);
    expect(host.asked).toHaveLength(1);
  });

  it("asks before a majority is lost, and passes the reason on", async () => {
    const { host, deps } = setUp(REMOTE);
    const command = { type: "node.kill" as const, nodes: ["A", "B", "C"] };
    const done = perform(deps, command);
    const question = deps.ui.getState().confirmation;
    expect(question?.preview.tier).toBe("risky");
    expect(question?.preview.confirmWord).toBe("demo");
    question?.answer("drill", true);
    expect(await done).toBe(true);
    expect(deps.ui.getState().confirmation).toBeUndefined();
    expect(host.asked[0]?.params).toMatchObject({ reason: "drill" });
  });

  it("asks as much as the person wants to be asked", async () => {
    const remote = setUp(REMOTE);
    remote.deps.prefs.getState().change({ confirm: "risky" });
    expect(await perform(remote.deps, KILL)).toBe(true);

    const sandbox = setUp();
    sandbox.deps.prefs.getState().change({ confirm: "all" });
    const kill = perform(sandbox.deps, KILL);
    const play = perform(sandbox.deps, { type: "time.play" });
    expect(await play).toBe(true);
    expect(sandbox.host.asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await kill).toBe(true);
  });

  it("sends nothing when the question is answered with no", async () => {
    const { host, deps } = setUp(REMOTE);
    const done = perform(deps, { type: "node.kill", nodes: ["A", "B", "C"] });
    deps.ui.getState().confirmation?.answer(undefined, false);
    expect(await done).toBe(false);
    expect(host.asked).toEqual([]);
  });

  it("says why it was refused, in words for the code and the host's own", async () => {
    const { host, deps, toasts } = setUp();
    host.answer("mesh.command", new MeshError("not-running", "E does not run."));
    expect(await perform(deps, KILL)).toBe(false);
    expect(toasts()[0]).toMatchObject({
      tone: "danger",
      text: "Not done: Kill E",
      detail: "The node does not run. E does not run.",
    });
    expect(deps.ui.getState().undo).toEqual([]);
  });

  it("says nothing of a success that is in plain sight", async () => {
    const { deps, toasts } = setUp();
    await perform(deps, { type: "time.pause" }, { quiet: true });
    expect(toasts()).toEqual([]);
  });

  it("previews against the live view while the past is shown", () => {
    const { deps, mesh } = setUp();
    mesh.showPast({ at: 0, view: emptyView() });
    expect(previewOf(deps, KILL)?.refused).toBe(false);
  });
});

describe("words for commands", () => {
  it("name one node, or the first and how many more", () => {
    expect(describeCommand(t, KILL)).toBe("Kill E");
    expect(describeCommand(t, { type: "node.kill", nodes: ["A", "B", "C"] })).toBe(
      "Kill A and 2 more",
    );
  });

  it.each(COMMAND_TYPES)("exist for %s", (type) => {
    expect(english.exists(`app:action.${type}`)).toBe(true);
  });
});
