/**
 * Leaving on purpose, which is not a failure: the intent gets a Lamport time, is made durable, is
 * spread, and after a while the node is free to stop.
 */
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { Claims } from "./claims.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import type { Verdicts } from "./verdicts.ts";

type Phase = "member" | "leaving" | "left";

export class Leave {
  readonly #context: Context;
  readonly #claims: Claims;
  readonly #verdicts: Verdicts;
  #phase: Phase = "member";

  constructor(context: Context, claims: Claims, verdicts: Verdicts) {
    this.#context = context;
    this.#claims = claims;
    this.#verdicts = verdicts;
  }

  get begun(): boolean {
    return this.#phase !== "member";
  }

  get done(): boolean {
    return this.#phase === "left";
  }

  begin(): void {
    if (this.#phase !== "member") {
      return;
    }
    this.#phase = "leaving";
    this.#claims.persistLeave();
  }

  /** The intent is on disk. */
  announce(now: Micros): void {
    const { effects, options, self } = this.#context;
    const { incarnation } = this.#claims.entry;
    const leaveTime = this.#claims.leaveTime;
    this.#verdicts.spread({ kind: "left", member: self, incarnation, leaveTime });
    effects.emit({ kind: "leaving" });
    effects.timer(TIMER.left, now + ms(options.leavePropagationMs));
  }

  finish(): void {
    this.#phase = "left";
    this.#context.effects.emit({ kind: "left" });
  }
}
