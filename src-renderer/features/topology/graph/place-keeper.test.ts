import { describe, expect, it } from "vitest";
import { type PlaceInput, PlaceKeeper, SETTLING_MS } from "./place-keeper.ts";
import { layoutNow } from "./layout.ts";
import { drawn } from "./testing.ts";

function setUp(kept: Record<string, string> = {}) {
  const storage = new Map(Object.entries(kept));
  const runs: string[] = [];
  const clock = { ms: 0 };
  const keeper = new PlaceKeeper({
    run: (name, graph, done) => {
      runs.push(name);
      done(layoutNow(name === "force" ? "ring" : name, graph));
      return () => {};
    },
    read: (key) => storage.get(key) ?? null,
    write: (key, text) => storage.set(key, text),
    now: () => clock.ms,
  });
  const show = (graph: string, part: Partial<PlaceInput> = {}) =>
    keeper.update({ mesh: "m", topology: "grid", choice: "auto", graph: drawn(graph), ...part });
  return { keeper, runs, clock, storage, show };
}

describe("places", () => {
  it("are laid out once, and data moves nothing", () => {
    const { keeper, runs, show } = setUp();
    show("ABCD");
    const { places } = keeper;
    show("ABCD");
    expect(keeper.places).toBe(places);
    expect(runs).toEqual(["grid"]);
    expect(keeper.layouts).toBe(1);
  });

  it("follow a mesh that is still opening", () => {
    const { runs, clock, show } = setUp();
    show("A");
    clock.ms = SETTLING_MS - 1;
    show("ABCD");
    expect(runs).toEqual(["grid", "grid"]);
  });

  it("are provisional until the first links are known", () => {
    const { runs, clock, show } = setUp();
    const random = { topology: "random-regular" };
    show("ABCD", random);
    clock.ms = 60_000;
    show("ABCD", { ...random, graph: drawn("ABCD", ["AB"]) });
    show("ABCD", { ...random, graph: drawn("ABCD", ["AB", "CD"]) });
    clock.ms += SETTLING_MS;
    show("ABCD", { ...random, graph: drawn("ABCD", ["AB", "CD", "AD"]) });
    expect(runs).toEqual(["ring", "force", "force"]);
  });

  it("stay when a node comes after that, which is put beside them", () => {
    const { keeper, runs, clock, show } = setUp();
    show("ABCD");
    const a = keeper.places.get("A");
    clock.ms = SETTLING_MS;
    show("ABCDE");
    expect(runs).toEqual(["grid"]);
    expect(keeper.places.get("A")).toBe(a);
    const e = keeper.places.get("E");
    expect(e).toBeDefined();
    show("ABCDEF");
    expect(keeper.places.get("E")).toBe(e);
  });

  it("change with the wanted topology and with the chosen layout, not with edges", () => {
    const { runs, clock, show } = setUp();
    show("ABC");
    clock.ms = SETTLING_MS;
    show("ABC", { graph: drawn("ABC", ["AB"]) });
    show("ABC", { topology: "ring" });
    show("ABC", { topology: "ring", choice: "star" });
    show("ABC", { topology: "ring", choice: "star" });
    expect(runs).toEqual(["grid", "ring", "star"]);
  });

  it("are remembered where a hand put them, also in the next session", () => {
    const first = setUp();
    first.show("ABC");
    first.keeper.drop(new Map([["B", { x: 500, y: 7 }]]));
    expect(first.keeper.places.get("B")).toEqual({ x: 500, y: 7 });
    const second = setUp(Object.fromEntries(first.storage));
    second.show("ABC");
    expect(second.keeper.places.get("B")).toEqual({ x: 500, y: 7 });
    second.show("ABC", { mesh: "other" });
    expect(second.keeper.places.get("B")).not.toEqual({ x: 500, y: 7 });
  });

  it("are forgotten by an explicit layout", () => {
    const { keeper, show, storage } = setUp();
    show("ABC");
    const b = keeper.places.get("B");
    keeper.drop(new Map([["B", { x: 500, y: 7 }]]));
    keeper.relayout();
    expect(keeper.places.get("B")).toEqual(b);
    expect(storage.get("meshdeck.places.m")).toContain('"dragged":[]');
  });

  it("tell their listeners, until those leave", () => {
    const { keeper, show } = setUp();
    let told = 0;
    const leave = keeper.subscribe(() => {
      told += 1;
    });
    show("AB");
    expect(told).toBe(1);
    leave();
    show("");
    expect(told).toBe(1);
    expect(keeper.places.size).toBe(0);
  });
});
