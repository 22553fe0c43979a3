/** Getting in: all seeds are asked, again and again with growing pauses, until one answers. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import { joinBackoffMs } from "./formulas.ts";
import type { MemberSnapshot } from "./messages.ts";
import type { JoinRefusal } from "./types.ts";

type Phase = "idle" | "asking" | "pausing";

export class Join {
  readonly #context: Context;
  readonly #introduce: (now: Micros) => MemberSnapshot;
  #phase: Phase = "idle";
  #seeds: readonly NodeId[] = [];
  #attempt = 0;
  #refusal: JoinRefusal | null = null;

  /** `introduce` makes the row that this node shows to the seeds. */
  constructor(context: Context, introduce: (now: Micros) => MemberSnapshot) {
    this.#context = context;
    this.#introduce = introduce;
  }

  /** True from `begin` until a seed lets this node in. */
  get asking(): boolean {
    return this.#phase !== "idle";
  }

  /**
   * A node that is its own seed founds the mesh, and counts from the start. Everybody else counts
   * only when those inside agree.
   */
  begin(seeds: readonly NodeId[], now: Micros): void {
    const { self, table, effects } = this.#context;
    this.#seeds = seeds.filter((seed) => seed !== self);
    this.#attempt = 0;
    const own = table.get(self);
    if (own !== undefined && table.size === 1) {
      table.setAgreed(own, seeds.includes(self));
    }
    if (this.#seeds.length === 0) {
      effects.emit({ kind: "joined", via: self, members: table.present });
      return;
    }
    this.#ask(now);
  }

  /** Asking took too long, or the pause is over. */
  timer(now: Micros): void {
    if (this.#phase === "pausing") {
      this.#ask(now);
    } else if (this.#phase === "asking") {
      this.#pause(now);
    }
  }

  refused(reason: JoinRefusal): void {
    this.#refusal = reason;
  }

  /** A seed sent its state: this node is in. Call after the state was merged. */
  accepted(via: NodeId): void {
    if (this.#phase === "idle" || !this.#seeds.includes(via)) {
      return;
    }
    this.#phase = "idle";
    const { effects, table } = this.#context;
    effects.timer(TIMER.join, null);
    effects.emit({ kind: "joined", via, members: table.present });
  }

  stop(): void {
    if (this.#phase !== "idle") {
      this.#phase = "idle";
      this.#context.effects.timer(TIMER.join, null);
    }
  }

  #ask(now: Micros): void {
    const { effects, options } = this.#context;
    this.#phase = "asking";
    this.#attempt++;
    this.#refusal = null;
    for (const seed of this.#seeds) {
      effects.send(seed, { kind: "join", member: this.#introduce(now) });
    }
    effects.timer(TIMER.join, now + ms(options.joinRetryMs));
  }

  #pause(now: Micros): void {
    const { effects, options, random } = this.#context;
    this.#phase = "pausing";
    const backoff = joinBackoffMs(this.#attempt, options.joinRetryMs, options.joinRetryMaxMs);
    // Up to a quarter earlier or later: joiners that failed together do not come back together.
    const retryAt = now + ms(backoff * (0.75 + random.next() / 2));
    effects.timer(TIMER.join, retryAt);
    effects.emit({
      kind: "join-failed",
      seeds: this.#seeds,
      attempt: this.#attempt,
      reason: this.#refusal ?? "no-answer",
      retryAt,
    });
  }
}
