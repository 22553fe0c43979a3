// One test per claim about partitions. References: the project's rule sheet, section 1.8; Pekko's
// split-brain-resolver page for the stability window and its cap.
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, seconds } from "#main/kernel/time.ts";
import { Partition } from "./partition.ts";
import type { PartitionOptions } from "./options.ts";
import type { PartitionEffect, PartitionEvent } from "./types.ts";

const WINDOW_MS = 10_000;
const WINDOW = seconds(10);
const CAP = seconds(17.5);

/** A machine with a clock that fires its timer, and everything it emitted. */
class Bench {
  readonly machine: Partition;
  readonly events: (PartitionEvent & { readonly at: Micros })[] = [];
  now: Micros = 0;
  #timerAt: Micros | null = null;

  constructor(members: readonly NodeId[], options: Partial<PartitionOptions> = {}) {
    this.machine = new Partition({
      self: "A",
      options: { stableAfterMs: WINDOW_MS, tieBreaker: null, ...options },
      agreed: new Set(members),
    });
    this.#absorb(this.machine.step({ kind: "start", now: 0 }));
  }

  runTo(at: Micros): this {
    while (this.#timerAt !== null && this.#timerAt <= at) {
      this.now = this.#timerAt;
      this.#timerAt = null;
      this.#absorb(this.machine.step({ kind: "timer", now: this.now, timer: "settle" }));
    }
    this.now = at;
    return this;
  }

  member(member: NodeId, agreed: boolean, reachable: boolean): this {
    this.#absorb(this.machine.step({ kind: "member", now: this.now, member, agreed, reachable }));
    return this;
  }

  lose(...members: readonly NodeId[]): this {
    members.forEach((member) => this.member(member, true, false));
    return this;
  }

  find(...members: readonly NodeId[]): this {
    members.forEach((member) => this.member(member, true, true));
    return this;
  }

  kinds(): string[] {
    return this.events.map((event) => (event.kind === "mode" ? event.mode : event.kind));
  }

  #absorb(effects: readonly PartitionEffect[]): void {
    for (const effect of effects) {
      if (effect.kind === "timer") {
        this.#timerAt = effect.at;
      } else if (effect.kind === "emit") {
        this.events.push({ ...effect.event, at: this.now });
      }
    }
  }
}

const NINE = [..."ABCDEFGHI"];
const TEN = [..."ABCDEFGHIJ"];

describe("suspicion", () => {
  it("says nothing while more than half is reachable", () => {
    const bench = new Bench(NINE).lose("F", "G", "H", "I").runTo(seconds(100));
    expect(bench.events).toEqual([]);
    expect(bench.machine.counts).toEqual({ reachable: 5, needed: 5, of: 9 });
    expect(bench.machine.suspectedSince).toBeNull();
  });

  it("suspects a partition as soon as under half of the peers can be reached", () => {
    const bench = new Bench(NINE).lose("E", "F", "G", "H").runTo(seconds(3)).lose("I");
    expect(bench.events).toEqual([
      { kind: "suspected", reachable: 4, needed: 5, of: 9, at: seconds(3) },
    ]);
    expect(bench.machine.mode).toBe("read-write");
    expect(bench.machine.suspectedSince).toBe(seconds(3));
  });

  it("takes the suspicion back when the majority returns within the window", () => {
    const bench = new Bench(NINE).lose("E", "F", "G", "H", "I").runTo(seconds(9)).find("I");
    bench.runTo(seconds(100));
    expect(bench.kinds()).toEqual(["suspected", "cleared"]);
    expect(bench.events[1]).toMatchObject({ since: 0, at: seconds(9), reachable: 5 });
    expect(bench.machine.mode).toBe("read-write");
    expect(bench.machine.suspectedSince).toBeNull();
  });
});

describe("majority", () => {
  it("is counted over the last agreed membership, not over who is alive", () => {
    const bench = new Bench(NINE).lose("D", "E", "F", "G", "H", "I").runTo(seconds(60));
    // Were the six unreachable ones left out, three of three would be a majority.
    expect(bench.machine.mode).toBe("read-only");
    expect(bench.machine.counts).toEqual({ reachable: 3, needed: 5, of: 9 });
  });

  it("is not exactly half", () => {
    const bench = new Bench(TEN).lose("F", "G", "H", "I", "J").runTo(WINDOW);
    expect(bench.events.at(-1)).toEqual({
      kind: "mode",
      mode: "read-only",
      reason: "half",
      lastedUs: null,
      reachable: 5,
      needed: 6,
      of: 10,
      at: WINDOW,
    });
  });

  it("is one more than half", () => {
    const bench = new Bench(TEN).lose("G", "H", "I", "J").runTo(seconds(60));
    expect(bench.machine.mode).toBe("read-write");
    expect(bench.machine.counts).toEqual({ reachable: 6, needed: 6, of: 10 });
  });

  it("is half on the side of a reachable tie-breaker", () => {
    const options = { tieBreaker: "B" };
    const bench = new Bench(TEN, options).lose("F", "G", "H", "I", "J").runTo(seconds(60));
    expect(bench.events).toEqual([]);
    expect(bench.machine.counts).toEqual({ reachable: 5, needed: 5, of: 10 });
  });

  it("is half on the side that is the tie-breaker itself", () => {
    const bench = new Bench(["A", "B"], { tieBreaker: "A" }).lose("B").runTo(seconds(60));
    expect(bench.machine.mode).toBe("read-write");
  });

  it("is not half on the side without the tie-breaker", () => {
    const options = { tieBreaker: "J" };
    const bench = new Bench(TEN, options).lose("F", "G", "H", "I", "J").runTo(seconds(60));
    expect(bench.machine.mode).toBe("read-only");
    expect(bench.events.at(-1)).toMatchObject({ reason: "half", needed: 6 });
  });

  it("never is less than half, tie-breaker or not", () => {
    const options = { tieBreaker: "A" };
    const bench = new Bench(TEN, options).lose("E", "F", "G", "H", "I", "J").runTo(seconds(60));
    expect(bench.machine.mode).toBe("read-only");
    expect(bench.events.at(-1)).toMatchObject({ reason: "minority", reachable: 4, needed: 5 });
  });

  it("does not come from a tie-breaker that is no member any more", () => {
    const bench = new Bench([...TEN, "K"], { tieBreaker: "K" }).member("K", false, true);
    bench.lose("F", "G", "H", "I", "J").runTo(seconds(60));
    expect(bench.machine.mode).toBe("read-only");
  });

  it("leaves all sides read-only when a mesh falls into three without one", () => {
    for (const lost of ["DEFGHI", "BCDEFG", "BDEGHI"]) {
      expect(new Bench(NINE).lose(...lost).runTo(seconds(60)).machine.mode).toBe("read-only");
    }
  });

  it("does not count joining nodes", () => {
    const bench = new Bench(NINE).lose("E", "F", "G", "H", "I");
    bench.member("X", false, true).member("Y", false, true).runTo(seconds(60));
    expect(bench.machine.mode).toBe("read-only");
    expect(bench.machine.counts).toEqual({ reachable: 4, needed: 5, of: 9 });
  });

  it("shrinks with members who left or were removed by agreement", () => {
    const bench = new Bench(NINE).lose("E", "F", "G", "H").member("I", false, false);
    expect(bench.machine.counts).toEqual({ reachable: 4, needed: 5, of: 8 });
    bench.member("H", false, false);
    expect(bench.machine.counts).toEqual({ reachable: 4, needed: 4, of: 7 });
  });

  it("always counts the node itself, whatever others say of it", () => {
    const bench = new Bench(NINE).member("A", true, false);
    expect(bench.machine.counts.reachable).toBe(9);
  });
});

describe("stability window", () => {
  it("acts when the view held still for the window, not a microsecond sooner", () => {
    const bench = new Bench(NINE).runTo(seconds(5)).lose("E", "F", "G", "H", "I");
    bench.runTo(seconds(5) + WINDOW - 1);
    expect(bench.machine.mode).toBe("read-write");
    bench.runTo(seconds(5) + WINDOW);
    expect(bench.machine.mode).toBe("read-only");
    expect(bench.events.at(-1)).toMatchObject({ reason: "minority", at: seconds(15) });
  });

  it("starts again with every change of who is reachable", () => {
    const bench = new Bench(NINE).lose("E", "F", "G", "H", "I").runTo(seconds(6)).lose("D");
    bench.runTo(seconds(16) - 1);
    expect(bench.machine.mode).toBe("read-write");
    expect(bench.runTo(seconds(16)).machine.mode).toBe("read-only");
    expect(bench.events.at(-1)).toMatchObject({ reason: "minority" });
  });

  it("does not start again when a verdict is merely repeated", () => {
    const bench = new Bench(NINE).lose("E", "F", "G", "H", "I").runTo(seconds(6)).lose("I");
    expect(bench.runTo(WINDOW).machine.mode).toBe("read-only");
  });

  it("is capped by three quarters on top for a network that never holds still", () => {
    const bench = new Bench(NINE).lose("E", "F", "G", "H", "I");
    for (let second = 1; second < 30; second++) {
      bench.runTo(seconds(second));
      if (second % 2 === 0) {
        bench.lose("D");
      } else {
        bench.find("D");
      }
    }
    expect(bench.kinds()).toEqual(["suspected", "read-only"]);
    expect(bench.events.at(-1)).toMatchObject({ reason: "unstable", at: CAP });
  });

  it("grows with the mesh when it is not set", () => {
    const members = Array.from({ length: 100 }, (_, i) => (i === 0 ? "A" : `n${i}`));
    const bench = new Bench(members, { stableAfterMs: null }).lose(...members.slice(30));
    expect(bench.runTo(seconds(20) - 1).machine.mode).toBe("read-write");
    expect(bench.runTo(seconds(20)).machine.mode).toBe("read-only");
  });
});

describe("healing", () => {
  const cut = () => new Bench(NINE).lose("E", "F", "G", "H", "I").runTo(seconds(20));

  it("clears only after the majority was reachable again for the window", () => {
    const bench = cut().find("E");
    bench.runTo(seconds(30) - 1);
    expect(bench.machine.mode).toBe("read-only");
    bench.runTo(seconds(30));
    expect(bench.machine.mode).toBe("read-write");
    expect(bench.kinds()).toEqual(["suspected", "read-only", "read-write", "healed"]);
  });

  it("measures how long writes were refused and how long recovery took", () => {
    const bench = cut().runTo(seconds(25)).find("E").runTo(seconds(29)).find("F");
    bench.runTo(seconds(60));
    expect(bench.events.slice(-2)).toEqual([
      {
        kind: "mode",
        mode: "read-write",
        reason: "majority",
        lastedUs: seconds(29),
        reachable: 6,
        needed: 5,
        of: 9,
        at: seconds(39),
      },
      {
        kind: "healed",
        since: 0,
        tookUs: seconds(14),
        reachable: 6,
        needed: 5,
        of: 9,
        at: seconds(39),
      },
    ]);
    expect(bench.machine.suspectedSince).toBeNull();
  });

  it("starts over when the majority is lost again before the window is over", () => {
    const bench = cut().find("E").runTo(seconds(25)).lose("E").runTo(seconds(28)).find("E");
    bench.runTo(seconds(38) - 1);
    expect(bench.machine.mode).toBe("read-only");
    expect(bench.runTo(seconds(38)).machine.mode).toBe("read-write");
    expect(bench.events.at(-1)).toMatchObject({ kind: "healed", since: 0, tookUs: WINDOW });
  });

  it("is not put off for ever by members that come and go while a majority stays", () => {
    const bench = cut().find("E");
    for (let second = 21; second < 50; second++) {
      bench.runTo(seconds(second));
      bench.member("F", true, second % 2 === 0);
    }
    expect(bench.events.at(-1)).toMatchObject({ kind: "healed", at: seconds(20) + CAP });
  });

  it("suspects anew after it healed", () => {
    const bench = cut().find("E").runTo(seconds(40)).lose("E").runTo(seconds(60));
    expect(bench.kinds().slice(-2)).toEqual(["suspected", "read-only"]);
    expect(bench.events.at(-1)).toMatchObject({ at: seconds(50) });
  });
});

describe("membership of the node itself", () => {
  it("is read-only while it is no member, without suspecting a partition", () => {
    const bench = new Bench([]);
    expect(bench.machine.mode).toBe("read-only");
    expect(bench.events).toEqual([
      {
        kind: "mode",
        mode: "read-only",
        reason: "not-a-member",
        lastedUs: null,
        reachable: 0,
        needed: 1,
        of: 0,
        at: 0,
      },
    ]);
  });

  it("may write as soon as it was let in: whoever did so could write", () => {
    const bench = new Bench([]).runTo(seconds(2)).member("B", true, true).member("A", true, true);
    expect(bench.machine.mode).toBe("read-write");
    expect(bench.events.at(-1)).toMatchObject({ reason: "majority", lastedUs: seconds(2) });
    expect(bench.kinds()).not.toContain("healed");
  });

  it("has to wait for a stable majority when it was let in but cannot reach one", () => {
    const bench = new Bench([]).member("B", true, false).member("C", true, false);
    bench.member("A", true, true).runTo(seconds(5)).find("B");
    expect(bench.machine.mode).toBe("read-only");
    expect(bench.runTo(seconds(15)).machine.mode).toBe("read-write");
  });

  it("may not write after it left", () => {
    const bench = new Bench(NINE).runTo(seconds(1)).member("A", false, true);
    expect(bench.events).toMatchObject([
      { kind: "mode", mode: "read-only", reason: "not-a-member", of: 8 },
    ]);
    expect(bench.runTo(seconds(60)).machine.mode).toBe("read-only");
  });
});
