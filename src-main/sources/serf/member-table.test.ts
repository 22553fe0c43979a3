import { describe, expect, it } from "vitest";
import { foldAll } from "#shared/view/fold.ts";
import { emptyView } from "#shared/view/empty.ts";
import { healthOf } from "#shared/view/health.ts";
import type { MeshEventBody } from "#shared/contract/events.ts";
import { doubtUs, formatAddress, MemberTable, nodeIdOf } from "./member-table.ts";
import type { SerfMember } from "./records.ts";

const SECOND_US = 1_000_000;

function member(
  Name: string,
  Status: SerfMember["Status"] = "alive",
  Tags: Record<string, string> = {},
): SerfMember {
  return { Name, Addr: Uint8Array.of(10, 0, 0, 1), Port: 7946, Tags, Status };
}

function table(...members: readonly SerfMember[]): MemberTable {
  const made = new MemberTable();
  made.observedBy("a");
  made.update(members, 0);
  return made;
}

/** What a person sees after these events. */
function healths(bodies: readonly MeshEventBody[]): Record<string, string> {
  const view = emptyView();
  foldAll(
    view,
    bodies.map((body, index) => ({ seq: index + 1, at: 0, ...body })),
  );
  return Object.fromEntries([...view.nodes].map(([id, node]) => [id, healthOf(node)]));
}

describe("the first list", () => {
  it("tells every member, its zone, and the agent's verdict on it", () => {
    const made = new MemberTable();
    made.observedBy("a");
    const list = [member("b", "failed", { zone: "z1" }), member("c", "left"), member("a")];
    const events = made.update(list, 0);
    expect(events.filter(({ type }) => type === "node.added")).toMatchObject([
      { node: "a", address: "10.0.0.1:7946", tags: {} },
      { node: "b", zone: "z1", tags: { zone: "z1" } },
      { node: "c" },
    ]);
    expect(healths(events)).toEqual({ a: "healthy", b: "failed", c: "left" });
  });

  it.each([
    [{ dc: "east" }, "east"],
    [{ zone: "z", dc: "east" }, "z"],
    [{ zone: "", dc: "east" }, "east"],
    [{ role: "w" }, undefined],
    [{ zone: "" }, undefined],
  ])("takes the zone from %j", (tags, zone) => {
    const made = new MemberTable();
    const [added] = made.update([member("a", "alive", tags)], 0);
    expect(added).toMatchObject({ type: "node.added" });
    expect((added as { zone?: string }).zone).toBe(zone);
  });
});

describe("a later list", () => {
  it("that is the same tells nothing", () => {
    const made = table(member("a"), member("b", "failed", { x: "1", y: "2" }));
    expect(made.update([member("b", "failed", { y: "2", x: "1" }), member("a")], 9)).toEqual([]);
  });

  it("tells tags, failures and members that are gone", () => {
    const made = table(member("a"), member("b"), member("c"));
    const events = made.update([member("a", "alive", { k: "v" }), member("b", "failed")], 0);
    expect(events).toEqual([
      { type: "node.removed", node: "c" },
      { type: "node.updated", node: "a", address: "10.0.0.1:7946", tags: { k: "v" } },
      {
        type: "member.state",
        node: "a",
        member: "b",
        state: "dead",
        previous: "alive",
        reason: "serf-failed",
      },
    ]);
  });

  it("tells that a failed member is back", () => {
    const made = table(member("a"), member("b", "failed"));
    expect(made.update([member("a"), member("b")], 0)).toMatchObject([
      { type: "member.state", member: "b", state: "alive", previous: "dead" },
    ]);
  });

  it("tells leaving, then left, and takes a member that comes again for a new one", () => {
    const made = new MemberTable();
    made.observedBy("a");
    const first = made.update([member("a"), member("b")], 0);
    const leaving = made.update([member("a"), member("b", "leaving")], 0);
    expect(leaving).toEqual([{ type: "member.leaving", node: "b" }]);
    const left = made.update([member("a"), member("b", "left")], 0);
    expect(left).toMatchObject([{ member: "b", state: "left", previous: "alive" }]);
    expect(healths([...first, ...leaving, ...left])).toEqual({ a: "healthy", b: "left" });
    const back = made.update([member("a"), member("b")], 0);
    expect(back.map(({ type }) => type)).toEqual(["node.removed", "node.added", "member.state"]);
    expect(healths([...first, ...leaving, ...left, ...back])).toEqual({
      a: "healthy",
      b: "healthy",
    });
  });
});

describe("a doubt from the log", () => {
  it("is told once, and gives way to the failure", () => {
    const made = table(member("a"), member("b"));
    expect(made.doubted("b", 0)).toMatchObject([{ state: "suspect", reason: "no-ack" }]);
    expect(made.doubted("b", 1)).toEqual([]);
    expect(made.update([member("a"), member("b")], 2)).toEqual([]);
    expect(made.update([member("a"), member("b", "failed")], 3)).toMatchObject([
      { state: "dead", previous: "suspect", reason: "serf-failed" },
    ]);
    expect(made.doubted("b", 4)).toEqual([]);
  });

  it("ends after its time, not before, and later when it is repeated", () => {
    const made = table(member("a"), member("b"));
    const list = [member("a"), member("b")];
    made.doubted("b", 0);
    made.doubted("b", 5);
    expect(made.update(list, doubtUs(2) + 4)).toEqual([]);
    expect(made.update(list, doubtUs(2) + 5)).toMatchObject([
      { state: "alive", previous: "suspect", reason: "not-confirmed" },
    ]);
  });

  it("about nobody we know is nothing", () => {
    expect(table(member("a")).doubted("x", 0)).toEqual([]);
  });

  it.each([
    [1, 6],
    [10, 6],
    [30, 7.908],
    [100, 10],
  ])("lasts in a cluster of %i: %f s", (members, seconds) => {
    expect(doubtUs(members) / SECOND_US).toBeCloseTo(seconds, 2);
  });
});

it("hands verdicts over when the agent is another one", () => {
  const made = table(member("a"), member("b", "failed"), member("c"));
  expect(made.observedBy("a")).toEqual([]);
  expect(made.observedBy("c")).toMatchObject([
    { node: "a", member: "b", state: "alive" },
    { node: "c", member: "b", state: "dead" },
  ]);
});

describe("a name", () => {
  it("that is plain is the id", () => {
    expect(nodeIdOf("web-1.example_x")).toBe("web-1.example_x");
  });

  it.each(["", "a b", "-x", "名前", "<script>", "a".repeat(65), "\u202eevil"])(
    "of another form (%s) gets an id that is plain, always the same and its own",
    (name) => {
      expect(nodeIdOf(name)).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
      expect(nodeIdOf(name)).toBe(nodeIdOf(name));
      expect(nodeIdOf(name)).not.toBe(nodeIdOf(`${name}!`));
    },
  );

  it("leads from the id back to what Serf calls the node", () => {
    const made = table(member("a"), member("node two", "failed"));
    expect(made.nameOf(nodeIdOf("node two"))).toBe("node two");
    expect(made.statusOf(nodeIdOf("node two"))).toBe("failed");
    expect(made.nameOf("node two")).toBeUndefined();
    expect(made.nameOf("b")).toBeUndefined();
  });
});

it.each([
  [[127, 0, 0, 1], "127.0.0.1:1"],
  [[...Array<number>(10).fill(0), 255, 255, 10, 1, 2, 3], "10.1.2.3:1"],
  [[...Array<number>(15).fill(0), 1], "[0:0:0:0:0:0:0:1]:1"],
  [[0x20, 1, 0x0d, 0xb8, ...Array<number>(11).fill(0), 0xff], "[2001:db8:0:0:0:0:0:ff]:1"],
  [[], "?:1"],
])("writes the address %j as %s", (bytes, text) => {
  expect(formatAddress(Uint8Array.from(bytes), 1)).toBe(text);
});
