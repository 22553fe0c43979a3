// Random groups, networks and treasons. With at most f traitors correct members never disagree,
// and once the network holds still they go on; with more the checker must be able to see it fail.
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { batchDigest, NULL_DIGEST } from "./digest.ts";
import { PbftMesh, signAs, type Treason } from "./testing/pbft-mesh.ts";
import type { PbftMessage, PrePrepare } from "./types.ts";

const SEEDS = Number(process.env["PBFT_SEEDS"] ?? 12);

/** A proposal of the same requests that differs in its digest. */
function otherProposal(self: string, message: PrePrepare, by: number): PrePrepare {
  const batch = { ...message.batch, time: message.batch.time + by };
  return signAs(self, { ...message, digest: batchDigest(batch), batch });
}

/** Behaviours of which each traitor has one; all it sends in its own name it signs. */
const TREASONS: readonly ((self: string, random: Random, n: number) => Treason)[] = [
  () => () => [],
  // Two faces: half of the group gets other proposals and votes.
  (self, random) => {
    const other = new Set<string>();
    return (to, message) => {
      if (message.sender !== self || random.int(4) === 0) {
        return [message];
      }
      if (random.int(2) === 0) {
        other.add(to);
      }
      switch (message.type) {
        case "pre-prepare":
          return [other.has(to) ? otherProposal(self, message, 1) : message];
        case "prepare":
        case "commit":
        case "checkpoint":
          return [other.has(to) ? signAs(self, { ...message, digest: NULL_DIGEST }) : message];
        default:
          return [message];
      }
    };
  },
  // Bad signatures now and then.
  (self, random) => (_to, message) =>
    message.sender === self && random.int(2) === 0
      ? [{ ...message, signature: new Uint8Array(64) }]
      : [message],
  // Repeats what it sent before.
  (_self, random) => {
    const old: PbftMessage[] = [];
    return (_to, message) => {
      old.push(message);
      const again = old[random.int(old.length)];
      return again === undefined ? [message] : [message, again];
    };
  },
  // Demands views without reason, and hides what it prepared.
  (self, random) => (_to, message) => {
    if (message.type === "view-change") {
      return [signAs(self, { ...message, prepared: [] })];
    }
    const view = message.view + 1 + random.int(3);
    const body = { sequence: 0, sender: self, stable: null, prepared: [] };
    const demand = signAs(self, { type: "view-change", view, ...body });
    return random.int(10) === 0 ? [message, demand] : [message];
  },
  // As a new primary it leaves out what was prepared.
  (self) => (_to, message) =>
    message.type === "new-view" && message.sender === self
      ? [signAs(self, { ...message, orders: message.orders.slice(0, -1) })]
      : [message],
  // Votes only for what one half sees.
  (_self, random) => (to, message) => (to.length > 0 && random.int(3) === 0 ? [] : [message]),
];

function swarm(seed: number): PbftMesh {
  const random = createRandom(seed).fork("swarm");
  const size = [4, 5, 7][random.int(3)] ?? 4;
  const faults = Math.floor((size - 1) / 3);
  const latency = ms(1 + random.int(20));
  const mesh = new PbftMesh(
    size,
    {
      checkpointEvery: 4,
      window: 8 + random.int(3) * 8,
      pageBytes: 128,
      batchMax: [1, 1, 4][random.int(3)] ?? 1,
      viewTimeoutMs: 400,
      viewTimeoutMaxMs: 4_000,
    },
    latency,
  );
  const bad = random.int(faults + 1);
  for (let i = 0; i < bad; i++) {
    const node = mesh.members[(i * 2 + random.int(2)) % size] ?? "r0";
    const make = TREASONS[random.int(TREASONS.length)];
    if (make !== undefined) {
      mesh.traitors.set(node, make(node, random.fork(node), size));
    }
  }
  return storm(mesh, random);
}

/** Losses, requests, restarts of correct members; then quiet. */
function storm(mesh: PbftMesh, random: Random): PbftMesh {
  const loss = [0, 0, 0.05, 0.2][random.int(4)] ?? 0;
  const network = random.fork("network");
  mesh.world.drop = () => network.next() < loss;
  const { correct } = mesh;
  for (let i = 0; i < 25; i++) {
    mesh.propose(correct[random.int(correct.length)] ?? "r0", `s${i}`);
    mesh.runFor(ms(random.int(120)));
    if (random.int(12) === 0) {
      const node = correct[random.int(correct.length)] ?? "r0";
      mesh.kill(node);
      mesh.start(node);
    }
    if (random.int(15) === 0) {
      mesh.transfer(correct[random.int(correct.length)] ?? "r0");
    }
  }
  mesh.world.drop = () => false;
  return mesh;
}

describe("a swarm of groups with at most f traitors", () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => i + 1))(
    "seed %i: agrees, executes only what was asked, and goes on",
    (seed) => {
      const mesh = swarm(seed);
      mesh.runFor(seconds(20));
      const last = mesh.correct[0] ?? "r0";
      const outcomes = [1, 2, 3].map((i) => mesh.commit(last, `last ${i}`));
      expect(outcomes.some((outcome) => outcome?.ok === true)).toBe(true);
      mesh.runFor(seconds(10));
      expect(mesh.disagreement()).toBeNull();
      const lists = mesh.correct.map((node) => mesh.entries(node).join());
      expect(new Set(lists).size).toBe(1);
      const entries = mesh.entries(last);
      expect(new Set(entries).size).toBe(entries.length);
      expect(entries.every((entry) => /^(s\d+|last \d)$/.test(entry))).toBe(true);
      for (const node of mesh.correct) {
        const accused = mesh.machine(node).evidence.map((proof) => proof.accused);
        expect(accused.filter((one) => mesh.correct.includes(one))).toEqual([]);
      }
    },
  );
});

/** A primary and helpers that tell two halves of the correct members different things. */
function conspiracy(mesh: PbftMesh, traitors: readonly string[], half: ReadonlySet<string>): void {
  const others = new Map<string, string>();
  for (const self of traitors) {
    mesh.traitors.set(self, (to, message) => {
      if (message.sender !== self || !half.has(to)) {
        return [message];
      }
      if (message.type === "pre-prepare") {
        const lie = otherProposal(self, message, 1);
        others.set(message.digest, lie.digest);
        return [lie];
      }
      if (message.type === "prepare" || message.type === "commit") {
        const digest = others.get(message.digest);
        return digest === undefined ? [message] : [signAs(self, { ...message, digest })];
      }
      return message.type === "status" ? [] : [message];
    });
  }
}

describe("more than f traitors", () => {
  it("do break agreement, and the checker sees it", () => {
    const mesh = new PbftMesh(4, { viewTimeoutMs: 60_000 });
    mesh.commit("r2", "before");
    mesh.runFor(seconds(1));
    conspiracy(mesh, ["r0", "r1"], new Set(["r3"]));
    mesh.propose("r2", "x");
    mesh.runFor(seconds(1));
    expect(mesh.disagreement()).toMatch(/^two digests at/);
  });

  it("two of five: quorums of 4 hold where quorums of 3 would not", () => {
    const mesh = new PbftMesh(5, { viewTimeoutMs: 60_000 });
    mesh.commit("r2", "before");
    mesh.runFor(seconds(1));
    // One traitor, two correct members on each side: a side of 3 would be 2f + 1.
    conspiracy(mesh, ["r0"], new Set(["r3", "r4"]));
    const index = mesh.machine("r1").status().applied + 1;
    mesh.propose("r2", "x");
    mesh.runFor(seconds(1));
    const votes = mesh.world
      .of("counted")
      .filter(({ event }) => event.index === index && event.term === 0);
    const prepares = votes.filter(({ node, event }) => node !== "r0" && event.phase === "prepare");
    expect(Math.max(...prepares.map(({ event }) => event.have))).toBe(2);
    expect(prepares[0]?.event.needed).toBe(3);
    expect(mesh.disagreement()).toBeNull();
    expect(mesh.machine("r3").evidence.length).toBeGreaterThan(0);
  });
});
