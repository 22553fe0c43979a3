// Random meshes under random faults: every seed draws size, options, hints and faults; then faults
// stop and the group has to converge.
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { EpidemicMesh } from "./testing/epidemic-mesh.ts";

const SEEDS = Number(process.env["EPIDEMIC_SEEDS"] ?? 25);
const FIRST_SEED = Number(process.env["EPIDEMIC_FIRST_SEED"] ?? 1);
const STEPS = 60;

class Run {
  readonly mesh: EpidemicMesh;
  readonly random: Random;
  readonly requests = new Map<string, number>();
  readonly #decided = new Map<number, string>();
  /** Dead at the end: in every other run as many as the group bears. */
  readonly #forGood: ReadonlySet<NodeId>;

  constructor(seed: number) {
    this.random = createRandom(seed).fork("swarm");
    const { random } = this;
    const size = 1 + random.int(7);
    const options = {
      gossipIntervalMs: 20,
      fanout: 1 + random.int(3),
      antiEntropyIntervalMs: 200,
      patienceMs: random.int(3) * 150,
      closeAfterMs: 200 + random.int(3) * 400,
      requestTimeoutMs: 3_000,
      windowPerOrigin: 4 + random.int(30),
      checkpointEvery: 1 + random.int(20),
      messageBytes: 200 + random.int(2_000),
    };
    this.mesh = new EpidemicMesh(size, options, seed);
    if (random.next() < 0.5) {
      this.mesh.live = () => this.mesh.ids.filter((id) => this.mesh.isUp(id));
    }
    // Who made a proposal could make it again: acknowledged ones have to outlive that.
    const borne = random.next() < 0.5 ? random.int(Math.floor((size + 1) / 2)) : 0;
    this.#forGood = new Set(this.mesh.ids.slice(0, borne));
    this.mesh.runFor(ms(400));
  }

  get survivors(): readonly NodeId[] {
    return this.mesh.ids.filter((id) => this.mesh.isUp(id));
  }

  play(): void {
    for (let step = 0; step < STEPS; step++) {
      this.#act(step);
      this.mesh.runFor(ms(this.random.int(120)));
      this.check();
    }
    this.mesh.heal();
    for (const id of this.mesh.ids) {
      if (this.mesh.isUp(id) && this.#forGood.has(id)) {
        this.mesh.kill(id);
      } else if (!this.mesh.isUp(id) && !this.#forGood.has(id)) {
        this.mesh.boot(id);
      }
    }
    this.mesh.runFor(seconds(8));
    this.check();
    // Half held and half voted without it, and the rest is dead: that is only resolved by the rest.
    if (!this.hasConverged()) {
      [...this.#forGood].forEach((id) => this.mesh.boot(id));
      this.mesh.runFor(seconds(8));
      this.check();
    }
  }

  hasConverged(): boolean {
    const states = this.survivors.map((id) => this.mesh.entries(id).join());
    return new Set(states).size <= 1;
  }

  /** What is decided is the same at everybody, for ever. */
  check(): void {
    for (const { event } of this.mesh.of("snapshot")) {
      const known = this.#decided.get(event.index) ?? event.digest;
      expect(event.digest).toBe(known);
      this.#decided.set(event.index, known);
    }
  }

  #act(step: number): void {
    const { mesh, random } = this;
    const node = mesh.ids[random.int(mesh.ids.length)] ?? "";
    const dice = random.int(20);
    if (dice < 12 && mesh.isUp(node)) {
      this.requests.set(`c${step}`, mesh.propose(node, `c${step}`));
    } else if (dice === 12) {
      const loss = random.next() * 0.5;
      mesh.drop = () => random.next() < loss;
    } else if (dice === 13 || dice === 14) {
      mesh.split(...this.#sides());
    } else if (dice === 15) {
      mesh.heal();
    } else if (dice === 16 && mesh.isUp(node)) {
      mesh.kill(node);
    } else if (!mesh.isUp(node)) {
      mesh.boot(node);
    }
  }

  #sides(): NodeId[][] {
    const sides: NodeId[][] = [[], [], []];
    this.mesh.ids.forEach((id) => sides[this.random.int(3)]?.push(id));
    return sides;
  }
}

describe("under random faults, which then stop", () => {
  it.each(Array.from({ length: SEEDS }, (_, i) => FIRST_SEED + i))("seed %i", (seed) => {
    const run = new Run(seed);
    run.play();
    const { mesh } = run;
    const final = mesh.entries(run.survivors[0] ?? "");
    // Convergence: one state everywhere.
    for (const id of run.survivors) {
      expect(mesh.entries(id)).toEqual(final);
    }
    // Exactly once: nothing executed twice, everything acknowledged executed.
    expect(new Set(final).size).toBe(final.length);
    let answered = 0;
    for (const [text, request] of run.requests) {
      expect(mesh.answers(request).length).toBeLessThanOrEqual(1);
      const outcome = mesh.answer(request);
      if (outcome?.ok === true) {
        answered++;
        expect(final).toContain(text);
      } else if (outcome !== undefined && outcome.code !== "unknown") {
        expect(final).not.toContain(text);
      }
    }
    expect(answered).toBeGreaterThan(0);
    // Liveness: once it is quiet everything is decided and nothing waits.
    for (const id of run.survivors) {
      const { last, applied } = mesh.node(id).status();
      expect(applied).toBe(last);
    }
  });
});
