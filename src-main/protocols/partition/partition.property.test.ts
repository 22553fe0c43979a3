import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Micros, seconds } from "#main/kernel/time.ts";
import { hasMajority } from "./majority.ts";
import { Partition } from "./partition.ts";
import type { PartitionEffect, PartitionInput } from "./types.ts";

const MEMBERS = [..."ABCDEFG"];
const CAP = seconds(17.5);

interface Change {
  readonly wait: Micros;
  readonly member: string;
  readonly agreed: boolean;
  readonly reachable: boolean;
}

const changes = fc.array(
  fc.record<Change>({
    wait: fc.integer({ min: 0, max: seconds(12) }),
    member: fc.constantFrom(...MEMBERS),
    agreed: fc.boolean(),
    reachable: fc.boolean(),
  }),
  { maxLength: 60 },
);

function create(): Partition {
  const options = { stableAfterMs: 10_000, tieBreaker: null };
  return new Partition({ self: "A", options, agreed: new Set(MEMBERS) });
}

/** Plays the changes, then silence for the cap; calls `look` after every step. */
function play(list: readonly Change[], look: (machine: Partition, now: Micros) => void) {
  const machine = create();
  const log: PartitionEffect[] = [];
  let now = 0;
  let timerAt: Micros | null = null;
  const step = (input: PartitionInput) => {
    for (const effect of machine.step(input)) {
      log.push(effect);
      timerAt = effect.kind === "timer" ? effect.at : timerAt;
    }
    look(machine, input.now);
  };
  const runTo = (until: Micros) => {
    while (timerAt !== null && timerAt <= until) {
      const at = timerAt;
      timerAt = null;
      step({ kind: "timer", now: at, timer: "settle" });
    }
    now = until;
  };
  step({ kind: "start", now });
  for (const { wait, member, agreed, reachable } of list) {
    runTo(now + wait);
    step({ kind: "member", now, member, agreed: agreed || member === "A", reachable });
  }
  runTo(now + CAP);
  return { machine, log };
}

describe("any sequence of verdicts", () => {
  it("ends, once it is quiet, with the mode that the majority asks for", () => {
    fc.assert(
      fc.property(changes, (list) => {
        const { machine } = play(list, () => {});
        expect(machine.mode).toBe(hasMajority(machine.counts) ? "read-write" : "read-only");
      }),
    );
  });

  it("never leaves a node without majority writable for longer than the cap", () => {
    fc.assert(
      fc.property(changes, (list) => {
        let lostAt: Micros | null = null;
        play(list, (machine, now) => {
          if (machine.mode === "read-only" || hasMajority(machine.counts)) {
            lostAt = null;
          } else {
            lostAt ??= now;
            expect(now - lostAt).toBeLessThan(CAP);
          }
        });
      }),
    );
  });

  it("has the same effects every time it is played", () => {
    fc.assert(
      fc.property(changes, (list) => {
        expect(play(list, () => {}).log).toEqual(play(list, () => {}).log);
      }),
    );
  });
});
