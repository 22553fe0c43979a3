import { DEFAULT_CONFIG } from "#shared/config/config.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { Role } from "#shared/contract/commands.ts";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createConsole } from "../state/console.ts";
import { createPrefs } from "../state/prefs.ts";
import { fakeHost } from "../state/testing/fake-host.ts";
import { syncSettings } from "./host-settings.ts";
import { loadPrefs } from "./kept-prefs.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

async function setUp(role: Role, ...settings: readonly unknown[]) {
  const host = fakeHost();
  const store = createConsole();
  const prefs = createPrefs(loadPrefs({ getItem: () => null, setItem: () => {} }), () => {});
  const failures: unknown[] = [];
  syncSettings(host.client, store, prefs, (error) => failures.push(error));
  host.answer("settings.get", ...settings);
  store.setState({ role, link: { state: "live" } });
  await vi.runAllTimersAsync();
  const sent = () => host.asked.filter(({ method }) => method === "settings.set");
  return { host, store, prefs, failures, sent };
}

const kept = (part: object) => ({ settings: { ...DEFAULT_CONFIG, ...part } });

it("takes the host's settings and does not send them back", async () => {
  const { prefs, sent } = await setUp("admin", kept({ theme: "dark", confirm: "all" }));
  expect(prefs.getState().theme).toBe("dark");
  expect(prefs.getState().confirm).toBe("all");
  expect(sent()).toEqual([]);
});

it("gives the host what changes here, once it settled, and only settings", async () => {
  const { prefs, sent } = await setUp("admin", kept({}));
  prefs.getState().change({ dockOpen: false });
  prefs.getState().change({ logLines: 500 });
  prefs.getState().change({ logLines: 600 });
  await vi.runAllTimersAsync();
  expect(sent()).toHaveLength(1);
  expect(sent()[0]?.params).toEqual({ settings: { ...DEFAULT_CONFIG, logLines: 600 } });
});

it("keeps a change in the browser where the role does not allow more", async () => {
  const { prefs, sent } = await setUp("operator", kept({}));
  prefs.getState().change({ theme: "light" });
  await vi.runAllTimersAsync();
  expect(sent()).toEqual([]);
  expect(prefs.getState().theme).toBe("light");
});

it("leaves its own settings alone when those of the host do not hold", async () => {
  const { prefs, sent } = await setUp("admin", { settings: { theme: "neon" } });
  prefs.getState().change({ theme: "light" });
  await vi.runAllTimersAsync();
  expect(prefs.getState().theme).toBe("light");
  expect(sent()).toEqual([]);
});

it("tells when the host does not answer", async () => {
  const { failures } = await setUp("admin", new MeshError("timeout", "late"));
  expect(failures).toHaveLength(1);
});

it("does not lose a change to a page that was reloaded before it went out", async () => {
  const { prefs } = await setUp("admin", kept({ language: "en" }));
  prefs.getState().change({ language: "zh" });
  expect(prefs.getState().unsent).toBe(true);

  const host = fakeHost();
  const store = createConsole();
  const again = createPrefs({ ...prefs.getState() }, () => {});
  syncSettings(host.client, store, again, () => {});
  host.answer("settings.get", kept({ language: "en" }));
  host.answer("settings.set", {});
  store.setState({ role: "admin", link: { state: "live" } });
  await vi.runAllTimersAsync();
  expect(again.getState()).toMatchObject({ language: "zh", unsent: false });
  expect(host.asked.map(({ method }) => method)).toEqual(["settings.set"]);
});
