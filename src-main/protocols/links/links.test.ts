import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { Links } from "./links.ts";
import { LINKS_DEFAULTS } from "./options.ts";
import { LinksMesh } from "./testing/links-mesh.ts";
import { formMesh } from "./topology.ts";
import type { Advert, LinksEffect, LinksInput, LinksMessage } from "./types.ts";

const NINE = [..."ABCDEFGHI"];

/** A (linked to B, D and I in the demo grid) on its own. */
function single(change: Partial<typeof LINKS_DEFAULTS> = {}): Links {
  const options = { ...LINKS_DEFAULTS, ...change };
  const machine = new Links({
    self: "A",
    zone: "",
    options,
    random: createRandom(1),
    shared: createRandom(2),
    formed: formMesh({
      kind: options.kind,
      members: NINE.map((id) => ({ id, zone: "" })),
      random: createRandom(2),
      minNeighbours: options.minNeighbours,
      maxNeighbours: options.maxNeighbours,
    }),
  });
  machine.step({ kind: "start", now: 0 });
  return machine;
}

function from(peer: string, message: LinksMessage, now = 1_000): LinksInput {
  return { kind: "message", now, from: peer, message };
}

function advert(node: string, neighbours: readonly string[], change: Partial<Advert> = {}): Advert {
  const roundTripsUs = neighbours.map(() => 0);
  return { node, incarnation: 0, version: 1, zone: "", neighbours, roundTripsUs, ...change };
}

const sent = (effects: readonly LinksEffect[]) =>
  effects.flatMap((one) => (one.kind === "send" ? [{ to: one.to, ...one.message }] : []));
const emitted = (effects: readonly LinksEffect[]) =>
  effects.flatMap((one) => (one.kind === "emit" ? [one.event] : []));

describe("agreeing on a link", () => {
  it("takes an offer while there is room, and refuses at the maximum", () => {
    const machine = single();
    const offer = { type: "offer", reason: "repair" } as const;
    expect(sent(machine.step(from("C", offer)))).toContainEqual({
      ...offer,
      to: "C",
      type: "accept",
    });
    expect(emitted(machine.step(from("E", offer)))).toContainEqual({
      kind: "link-up",
      peer: "E",
      reason: "repair",
    });
    expect(machine.degree).toBe(5);
    expect(sent(machine.step(from("F", offer)))).toEqual([
      { to: "F", type: "reject", reason: "full" },
    ]);
    expect(machine.peers).toEqual(["B", "C", "D", "E", "I"]);
  });

  it("answers a repeated offer again without linking twice", () => {
    const machine = single();
    const offer = { type: "offer", reason: "repair" } as const;
    machine.step(from("C", offer));
    const effects = machine.step(from("C", offer));
    expect(sent(effects)).toEqual([{ to: "C", type: "accept", reason: "repair" }]);
    expect(emitted(effects)).toEqual([]);
  });

  it("refuses strangers, the dead, and everybody after leaving", () => {
    const machine = single();
    const offer = { type: "offer", reason: "join" } as const;
    expect(sent(machine.step(from("X", offer)))).toEqual([
      { to: "X", type: "reject", reason: "unknown" },
    ]);
    machine.step({ kind: "member", now: 1, member: "C", state: "dead", zone: "" });
    expect(sent(machine.step(from("C", offer)))[0]).toMatchObject({ reason: "unknown" });
    machine.step({ kind: "leave", now: 2 });
    expect(sent(machine.step(from("E", offer)))).toEqual([
      { to: "E", type: "reject", reason: "not-running" },
    ]);
  });

  it("closes what only the other end takes for a link", () => {
    const machine = single();
    const closed = { to: "C", type: "close", reason: "no-link" };
    expect(sent(machine.step(from("C", { type: "ping", sequence: 1 })))).toEqual([closed]);
    expect(sent(machine.step(from("C", { type: "accept", reason: "repair" })))).toEqual([closed]);
    expect(machine.degree).toBe(3);
  });

  it("ends a link that the other end closed, with its reason", () => {
    const machine = single();
    const effects = machine.step(from("B", { type: "close", reason: "trimmed" }));
    expect(emitted(effects)).toEqual([{ kind: "link-down", peer: "B", reason: "trimmed" }]);
    expect(emitted(machine.step(from("D", { type: "close", reason: "leaving" })))).toEqual([
      { kind: "link-down", peer: "D", reason: "peer-left" },
    ]);
  });

  it("makes one link of two offers that cross", () => {
    const mesh = new LinksMesh({ ids: [..."AB"], options: { kind: "custom" } });
    // Both lack a link and can only offer it to each other.
    mesh.runTo(seconds(5));
    expect(mesh.degrees()).toEqual([1, 1]);
    expect(mesh.of("link-up")).toHaveLength(2);
  });

  it("leaves gracefully: the peers know at once, and nothing is repaired", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.runTo(seconds(5));
    mesh.input("E", { kind: "leave", now: mesh.now });
    mesh.runTo(seconds(5) + ms(6));
    expect(mesh.nodes.get("E")?.degree).toBe(0);
    expect(mesh.of("link-down", "B")[0]?.event).toMatchObject({ peer: "E", reason: "peer-left" });
    mesh.declare("E", "left");
    mesh.runTo(seconds(20));
    expect(mesh.nodes.get("E")?.degree).toBe(0);
  });
});

describe("keepalive", () => {
  const ping = (machine: Links, now: number) => machine.step({ kind: "timer", now, timer: "ping" });

  it("measures links, smooths, and tells when a value moved by a quarter", () => {
    const machine = single();
    ping(machine, 10_000);
    const pong = (sequence: number, now: number) =>
      emitted(machine.step(from("B", { type: "pong", sequence }, now)));
    expect(pong(1, 18_000)).toEqual([{ kind: "latency", peer: "B", roundTripUs: 8_000 }]);
    ping(machine, 20_000);
    // 8000 + (16000 - 8000) / 8 is only an eighth more.
    expect(pong(2, 36_000)).toEqual([]);
    ping(machine, 40_000);
    expect(pong(3, 60_000)).toEqual([{ kind: "latency", peer: "B", roundTripUs: 10_375 }]);
  });

  it("counts only the answer to the newest ping", () => {
    const machine = single({ missesAllowed: 1 });
    ping(machine, 10_000);
    expect(emitted(machine.step(from("B", { type: "pong", sequence: 2 }, 11_000)))).toEqual([]);
    expect(emitted(machine.step(from("B", { type: "pong", sequence: 0 }, 11_000)))).toEqual([]);
    expect(emitted(ping(machine, 20_000)).map((one) => one.kind)).toContain("silent");
  });

  it("gives a link up after the misses allowed, not one sooner", () => {
    const machine = single({ missesAllowed: 2 });
    ping(machine, 1_000);
    machine.step(from("D", { type: "pong", sequence: 1 }, 1_500));
    expect(emitted(ping(machine, 2_000))).toEqual([]);
    const effects = ping(machine, 3_000);
    expect(emitted(effects)).toEqual([
      { kind: "silent", peer: "B", misses: 2 },
      { kind: "link-down", peer: "B", reason: "peer-silent" },
      { kind: "silent", peer: "I", misses: 2 },
      { kind: "link-down", peer: "I", reason: "peer-silent" },
    ]);
    expect(sent(effects)).toContainEqual({ to: "B", type: "close", reason: "peer-silent" });
    expect(machine.peers).toEqual(["D"]);
  });

  it("with five misses allowed survives a loss of a tenth of all messages", () => {
    const mesh = new LinksMesh({ ids: NINE });
    const dice = createRandom(5);
    mesh.drop = () => dice.next() < 0.1;
    mesh.runTo(seconds(300));
    expect(mesh.of("silent")).toEqual([]);
  });
});

describe("announcements", () => {
  it("tell everybody of a change: all nodes hold the same graph again", () => {
    const mesh = new LinksMesh({ ids: NINE });
    expect(mesh.views()).toBe(1);
    mesh.runTo(seconds(5));
    mesh.kill("E");
    mesh.declare("E", "dead");
    mesh.runTo(seconds(9.9));
    expect(mesh.views()).toBe(1);
    expect(mesh.nodes.get("A")?.routeTo("E")).toBeNull();
  });

  it("pass on what is newer, once, and not back to where it came from", () => {
    const machine = single({ floodDelayMs: 20 });
    const adverts = [advert("E", ["B", "D"])];
    const effects = machine.step(from("B", { type: "adverts", adverts }));
    expect(effects).toContainEqual({ kind: "timer", timer: "flood", at: 1_000 + ms(20) });
    const flood = sent(machine.step({ kind: "timer", now: 30_000, timer: "flood" }));
    expect(flood.map((one) => one.to)).toEqual(["D", "I"]);
    expect(flood[0]).toMatchObject({ type: "adverts", adverts: [{ node: "E", version: 1 }] });
    expect(machine.step(from("D", { type: "adverts", adverts }, 40_000))).toEqual([]);
  });

  it("of an older version change nothing; a higher incarnation beats any version", () => {
    const machine = single();
    const take = (change: Partial<Advert>) => {
      const before = machine.graphDigest;
      machine.step(from("B", { type: "adverts", adverts: [advert("E", ["B"], change)] }));
      return machine.graphDigest !== before;
    };
    expect(take({ version: 7 })).toBe(true);
    expect(take({ version: 7 })).toBe(false);
    expect(take({ version: 6 })).toBe(false);
    expect(take({ incarnation: 1, version: 1 })).toBe(true);
    expect(take({ incarnation: 0, version: 9 })).toBe(false);
  });

  it("about strangers and the dead are not kept", () => {
    const machine = single();
    const before = machine.graphDigest;
    machine.step(from("B", { type: "adverts", adverts: [advert("X", ["B"])] }));
    expect(machine.graphDigest).toBe(before);
    machine.step({ kind: "member", now: 1_000, member: "E", state: "dead", zone: "" });
    const without = machine.graphDigest;
    machine.step(from("B", { type: "adverts", adverts: [advert("E", ["B"], { version: 9 })] }));
    expect(machine.graphDigest).toBe(without);
  });

  it("outbid adverts of a former life that others still hold", () => {
    const machine = single();
    machine.step(
      from("B", { type: "adverts", adverts: [advert("A", [], { incarnation: 2, version: 5 })] }),
    );
    const [flood] = sent(machine.step({ kind: "timer", now: 30_000, timer: "flood" }));
    expect(flood).toMatchObject({
      adverts: [{ node: "A", incarnation: 2, version: 6, neighbours: ["B", "D", "I"] }],
    });
  });

  it("do not outbid their own echo", () => {
    const machine = single();
    machine.step({ kind: "incarnation", now: 1_000, incarnation: 2 });
    machine.step({ kind: "timer", now: 30_000, timer: "flood" });
    const echo = advert("A", ["B", "D", "I"], { incarnation: 2, version: 1 });
    expect(machine.step(from("B", { type: "adverts", adverts: [echo] }, 40_000))).toEqual([]);
  });

  it("tell a neighbour that restarted how far its stamps had come", () => {
    const machine = single();
    machine.step(from("B", { type: "adverts", adverts: [advert("B", ["A"], { version: 9 })] }));
    const effects = machine.step(from("B", { type: "adverts", adverts: [advert("B", ["A"])] }));
    expect(sent(effects)).toMatchObject([{ to: "B", adverts: [{ node: "B", version: 9 }] }]);
  });

  it("carry the node's own incarnation", () => {
    const machine = single();
    machine.step({ kind: "incarnation", now: 1_000, incarnation: 4 });
    const [flood] = sent(machine.step({ kind: "timer", now: 30_000, timer: "flood" }));
    expect(flood).toMatchObject({ adverts: [{ node: "A", incarnation: 4, version: 1 }] });
  });

  it("expire when they are not repeated", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.runTo(seconds(30));
    // I falls silent about itself, although membership still believes in it.
    mesh.drop = (_from, _to, message) =>
      message.type === "adverts" && message.adverts.some((one) => one.node === "I");
    mesh.runTo(seconds(80));
    expect(mesh.nodes.get("A")?.routeTo("I")).toBeNull();
  });

  it("compare graphs with a neighbour and exchange what either lacks", () => {
    const machine = single();
    machine.step(from("B", { type: "adverts", adverts: [advert("E", ["B"], { version: 3 })] }));
    expect(sent(machine.step(from("D", { type: "compare", digest: machine.graphDigest })))).toEqual(
      [],
    );
    const [summary] = sent(machine.step(from("D", { type: "compare", digest: "else" })));
    expect(summary).toMatchObject({ type: "summary", after: "", until: null });
    const stamps = NINE.filter((id) => id !== "C").map((node) => ({
      node,
      incarnation: 0,
      version: node === "E" ? 2 : node === "F" ? 1 : 0,
    }));
    const effects = sent(
      machine.step(from("D", { type: "summary", after: "", until: null, stamps })),
    );
    const adverts = effects.flatMap((one) => (one.type === "adverts" ? one.adverts : []));
    expect(adverts.map((one) => one.node)).toEqual(["C", "E"]);
    expect(effects.at(-1)).toEqual({ to: "D", type: "want", nodes: ["F"] });
    expect(sent(machine.step(from("D", { type: "want", nodes: ["E", "X"] })))).toMatchObject([
      { adverts: [{ node: "E", version: 3 }] },
    ]);
  });

  it("bring graphs together that loss had driven apart", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.drop = (_from, _to, message) => message.type === "adverts";
    mesh.runTo(seconds(12));
    expect(mesh.views()).toBeGreaterThan(1);
    mesh.drop = () => false;
    mesh.runTo(seconds(39.5));
    expect(mesh.views()).toBe(1);
  });
});

describe("tracing", () => {
  const result = (mesh: LinksMesh) => mesh.of("traced").at(-1)?.event;

  it("comes back with the path it went", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.trace("A", "E");
    mesh.runTo(seconds(1));
    expect(result(mesh)).toMatchObject({ request: 1, to: "E", ok: true, reason: "arrived" });
    expect(result(mesh)?.path).toHaveLength(3);
    expect([result(mesh)?.path[0], result(mesh)?.path[2]]).toEqual(["A", "E"]);
    mesh.trace("A", "A");
    expect(result(mesh)).toMatchObject({ path: ["A"], ok: true });
  });

  it("goes around a failed node as soon as its links are gone", () => {
    const mesh = new LinksMesh({ ids: NINE, options: { kind: "ring" } });
    mesh.runTo(seconds(3));
    mesh.kill("B");
    mesh.declare("B", "dead");
    mesh.trace("A", "C");
    mesh.runTo(seconds(4));
    expect(result(mesh)).toMatchObject({
      ok: true,
      path: ["A", "I", "H", "G", "F", "E", "D", "C"],
    });
  });

  it("tells where and why it ended", () => {
    const mesh = new LinksMesh({ ids: NINE, options: { kind: "ring", traceTtl: 2 } });
    mesh.trace("A", "E");
    mesh.runTo(seconds(1));
    expect(result(mesh)).toMatchObject({ ok: false, reason: "ttl", path: ["A", "B", "C"] });
    mesh.trace("A", "X");
    expect(result(mesh)).toMatchObject({ ok: false, reason: "unknown", path: ["A"] });
    mesh.trace("A", "C");
    mesh.runTo(seconds(2));
    expect(result(mesh)).toMatchObject({ ok: true, path: ["A", "B", "C"] });
  });

  it("ends without a route, and in time without an answer", () => {
    const mesh = new LinksMesh({ ids: NINE });
    mesh.runTo(seconds(1));
    mesh.drop = () => true;
    mesh.trace("A", "E");
    mesh.runTo(seconds(6) - 1);
    expect(mesh.of("traced")).toEqual([]);
    mesh.runTo(seconds(6));
    expect(result(mesh)).toMatchObject({ ok: false, reason: "timeout", path: ["A"] });
    const machine = single();
    ["B", "D", "I"].forEach((peer) =>
      machine.step(from(peer, { type: "close", reason: "no-link" })),
    );
    expect(emitted(machine.step({ kind: "trace", now: 2_000, request: 9, to: "E" }))).toEqual([
      { kind: "traced", request: 9, to: "E", path: ["A"], ok: false, reason: "no-route" },
    ]);
  });

  it("never goes where it has been, and believes no forged path", () => {
    const machine = single();
    const trace = { type: "trace", trace: 1, to: "E", ttl: 9 } as const;
    expect(machine.step(from("B", { ...trace, path: ["A", "B"] }))).toEqual([]);
    expect(machine.step(from("B", { ...trace, path: ["C"] }))).toEqual([]);
    const [onward] = sent(machine.step(from("B", { ...trace, path: ["E", "B"], to: "I" })));
    expect(onward).toMatchObject({ to: "I", ttl: 8, path: ["E", "B", "A"] });
    const forged = { type: "traced", trace: 1, to: "E", path: ["C", "A"], end: "arrived" } as const;
    expect(emitted(machine.step(from("B", { ...forged, path: ["A", "E"] })))).toEqual([]);
  });
});
