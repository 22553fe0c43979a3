/** Histories whose verdict a person can tell, named by what is good or wrong about them. */
import { describe, expect, it } from "vitest";
import { checkHistory, type Report } from "./check.ts";
import type { Window } from "./explain.ts";
import { historyOf, type Line } from "./testing/histories.ts";
import type { ModelName } from "./types.ts";

function check(model: ModelName, lines: readonly Line[]): Report {
  return checkHistory(historyOf(lines, { model }));
}

function windowOf(report: Report): Window {
  const window = report.keys.find((key) => key.window !== undefined)?.window;
  if (window === undefined) throw new Error("there is no window");
  return window;
}

type Labelled = readonly [label: string, model: ModelName, lines: readonly Line[]];

const GOOD: readonly Labelled[] = [
  ["a read before any write", "register", [[0, 1, 2, "read", null, null]]],
  [
    "a read of a write under way",
    "register",
    [
      [0, 1, 9, "write", 1],
      [1, 2, 3, "read", null, 1],
    ],
  ],
  [
    "a read of the old value while the write is under way",
    "register",
    [
      [0, 1, 2, "write", 1],
      [0, 3, 9, "write", 2],
      [1, 4, 5, "read", null, 1],
      [1, 6, 7, "read", null, 2],
    ],
  ],
  [
    "two writes at once, seen in the other order",
    "register",
    [
      [0, 1, 9, "write", 1],
      [1, 2, 8, "write", 2],
      [2, 10, 11, "read", null, 1],
    ],
  ],
  [
    "a write of unknown outcome, seen much later",
    "register",
    [
      [0, 1, "?", "write", 7],
      [1, 10, 11, "read", null, null],
      [1, 20, 21, "read", null, 7],
    ],
  ],
  [
    "a write of unknown outcome, never seen",
    "register",
    [
      [0, 1, "?", "write", 7],
      [1, 10, 11, "read", null, null],
    ],
  ],
  [
    "a write whose invocation is the end of it, seen",
    "register",
    [
      [0, 1, "open", "write", 7],
      [1, 10, 11, "read", null, 7],
    ],
  ],
  [
    "a process that goes on after an unknown outcome",
    "register",
    [
      [0, 1, "?", "write", 1],
      [0, 2, 3, "write", 2],
      [1, 4, 5, "read", null, 1],
    ],
  ],
  [
    "a failed write, not seen",
    "register",
    [
      [0, 1, "fail@2", "write", 7],
      [1, 3, 4, "read", null, null],
    ],
  ],
  [
    "swaps in a chain, invoked backwards",
    "cas-register",
    [
      [0, 1, 9, "cas", [2, 3]],
      [1, 2, 9.5, "cas", [1, 2]],
      [2, 3, 8, "write", 1],
      [3, 10, 11, "read", null, 3],
    ],
  ],
  [
    "a swap refused while another value was there",
    "cas-register",
    [
      [0, 1, 2, "write", 1],
      [1, 3, 6, "cas", [2, 3], false],
      [0, 4, 5, "write", 2],
    ],
  ],
  [
    "a swap of unknown outcome that explains a read",
    "cas-register",
    [
      [0, 1, 2, "write", 1],
      [1, 3, "?", "cas", [1, 2]],
      [2, 5, 6, "read", null, 2],
    ],
  ],
  [
    "counts within what is under way",
    "counter",
    [
      [0, 1, 9, "inc"],
      [1, 2, 8, "inc", 4],
      [2, 3, 4, "read", null, 4],
      [2, 5, 6, "read", null, 5],
      [2, 10, 11, "dec", 2],
      [2, 12, 13, "read", null, 3],
    ],
  ],
  [
    "an addition of unknown outcome that happens between reads",
    "counter",
    [
      [0, 1, "?", "add", 5],
      [1, 2, 3, "read", null, 0],
      [1, 4, 5, "read", null, 5],
    ],
  ],
  [
    "a set that grows and shrinks",
    "set",
    [
      [0, 1, 2, "add", "a"],
      [1, 1.5, 6, "add", "b"],
      [2, 3, 4, "read", null, ["a"]],
      [0, 7, 8, "remove", "a"],
      [2, 9, 10, "read", null, ["b"]],
      [2, 11, 12, "contains", "a", false],
    ],
  ],
  [
    "an element lost to a removal of unknown outcome",
    "set",
    [
      [0, 1, 2, "add", 1],
      [1, 3, "?", "remove", 1],
      [2, 4, 5, "contains", 1, true],
      [2, 6, 7, "contains", 1, false],
    ],
  ],
];

type Bad = readonly [...Labelled, misfit: string, size: number];

const BAD: readonly Bad[] = [
  [
    "a stale read",
    "register",
    [
      [0, 1, 2, "write", 1],
      [0, 3, 4, "write", 2],
      [1, 5, 6, "read", null, 1],
    ],
    "read → 1",
    3,
  ],
  [
    "a read from nowhere",
    "register",
    [
      [0, 1, 2, "write", 1],
      [1, 3, 4, "read", null, 9],
    ],
    "read → 9",
    1,
  ],
  [
    "a read from the future",
    "register",
    [
      [1, 1, 2, "read", null, 1],
      [0, 3, 4, "write", 1],
    ],
    "read → 1",
    1,
  ],
  [
    "a read that goes back",
    "register",
    [
      [0, 1, 9, "write", 1],
      [1, 2, 3, "read", null, 1],
      [2, 4, 5, "read", null, null],
    ],
    "read → null",
    3,
  ],
  [
    "a write that was lost",
    "register",
    [
      [0, 1, 2, "write", 1],
      [1, 3, 4, "read", null, null],
    ],
    "read → null",
    2,
  ],
  [
    "two readers that disagree on the order of two writes",
    "register",
    [
      [0, 1, 20, "write", 1],
      [1, 1.5, 20.5, "write", 2],
      [2, 2, 3, "read", null, 1],
      [3, 4, 5, "read", null, 2],
      [2, 6, 7, "read", null, 1],
    ],
    "read → 1",
    5,
  ],
  [
    "a failed write that is seen",
    "register",
    [
      [0, 1, "fail@2", "write", 7],
      [1, 3, 4, "read", null, 7],
    ],
    "read → 7",
    1,
  ],
  [
    "a write of unknown outcome that is seen and then vanishes",
    "register",
    [
      [0, 1, "?", "write", 7],
      [1, 2, 3, "read", null, 7],
      [1, 4, 5, "read", null, null],
    ],
    "read → null",
    3,
  ],
  [
    "a write of unknown outcome that is seen before it was invoked",
    "register",
    [
      [1, 2, 3, "read", null, 7],
      [0, 4, "?", "write", 7],
    ],
    "read → 7",
    1,
  ],
  [
    "a lost update: two swaps from one value",
    "cas-register",
    [
      [0, 1, 2, "write", 1],
      [1, 3, 9, "cas", [1, 2]],
      [2, 4, 8, "cas", [1, 3]],
    ],
    "cas 1 → 2",
    3,
  ],
  [
    "a swap that should have failed",
    "cas-register",
    [
      [0, 1, 2, "write", 1],
      [1, 3, 4, "cas", [2, 3]],
    ],
    "cas 2 → 3",
    1,
  ],
  [
    "a swap that should have been done",
    "cas-register",
    [
      [0, 1, 2, "write", 1],
      [1, 3, 4, "cas", [1, 3], false],
    ],
    "cas 1 → 3: refused",
    2,
  ],
  [
    "a counter that counts too much",
    "counter",
    [
      [0, 1, 2, "inc"],
      [1, 3, 4, "inc"],
      [2, 5, 6, "read", null, 3],
    ],
    "read → 3",
    1,
  ],
  [
    "a counter that lost an addition",
    "counter",
    [
      [0, 1, 2, "inc"],
      [1, 1.5, 2.5, "inc"],
      [2, 5, 6, "read", null, 1],
    ],
    "read → 1",
    1,
  ],
  [
    "a counter that goes back",
    "counter",
    [
      [0, 1, 9, "inc"],
      [1, 2, 3, "read", null, 1],
      [1, 4, 5, "read", null, 0],
    ],
    "read → 0",
    3,
  ],
  [
    "an element that was lost",
    "set",
    [
      [0, 1, 2, "add", 1],
      [0, 3, 4, "add", 2],
      [1, 5, 6, "read", null, [2]],
    ],
    "read → without 1",
    2,
  ],
  [
    "an element from nowhere",
    "set",
    [
      [0, 3, 4, "add", 2],
      [1, 5, 6, "read", null, [2, 3]],
    ],
    "read → with 3",
    1,
  ],
  [
    "an element that comes back after its removal",
    "set",
    [
      [0, 1, 2, "add", 1],
      [0, 3, 4, "remove", 1],
      [1, 5, 6, "contains", 1, true],
    ],
    "contains 1 → true",
    3,
  ],
  [
    "two snapshots that no order of additions explains",
    "set",
    [
      [0, 1, 20, "add", 1],
      [1, 2, 21, "add", 2],
      [2, 3, 10, "read", null, [1]],
      [3, 4, 11, "read", null, [2]],
    ],
    "read → {2}",
    4,
  ],
];

describe("a history is linearizable with", () => {
  it.each(GOOD)("%s", (_label, model, lines) => {
    expect(check(model, lines).verdict).toBe("linearizable");
  });
});

describe("a history is not linearizable with", () => {
  it.each(BAD)("%s", (_label, model, lines, ...[misfit, size]) => {
    const report = check(model, lines);
    expect(report.verdict).toBe("not-linearizable");
    const window = windowOf(report);
    const named = window.operations.filter(({ role }) => role === "misfit");
    expect(named.map(({ what }) => what)).toEqual([misfit]);
    expect(window.operations).toHaveLength(size);
    expect(window.minimal).toBe(true);
  });
});

describe("the window", () => {
  it("names what could have been read, and an order of all the others", () => {
    const [, model, lines] = BAD[0] ?? GOOD[0] ?? [];
    const window = windowOf(check(model ?? "register", lines ?? []));
    expect(window.couldHave).toEqual(["read → 2"]);
    const order = window.order.map((index) => window.operations[index]?.what);
    expect(order).toEqual(["write 1", "write 2"]);
    expect(window.from).toEqual(["null"]);
  });

  it("keeps lines, times and processes of the file", () => {
    const report = check("register", [
      [0, 1, 2, "write", 1],
      ["a", 3, 4, "read", null, 5],
    ]);
    const place = { process: '"a"', invokeLine: 3, endLine: 4, invokeTime: 3, endTime: 4 };
    expect(windowOf(report).operations.at(-1)?.place).toEqual({ ...place, outcome: "ok" });
  });

  it("stays small where the wrong value was written a hundred times before", () => {
    const before = Array.from({ length: 100 }, (_none, at): Line => {
      return [0, 10 * at, 10 * at + 5, "write", at % 5];
    });
    const after: readonly Line[] = [
      [0, 2_000, 2_001, "write", 3],
      [1, 2_002, 2_003, "read", null, 1],
    ];
    const { operations, from } = windowOf(check("register", [...before, ...after]));
    expect(from).toEqual(["1", "something else"]);
    expect(operations.map(({ what }) => what)).toEqual(["write 3", "read → 1"]);
  });

  it("folds what a counter had counted before into the value it begins with", () => {
    const before = Array.from({ length: 50 }, (_none, at): Line => [0, 2 * at, 2 * at + 1, "inc"]);
    const window = windowOf(check("counter", [...before, [1, 200, 201, "read", null, 51]]));
    expect(window.from).toEqual(["50"]);
    expect(window.operations.map(({ what }) => what)).toEqual(["read → 51"]);
    expect(window.couldHave).toEqual(["read → 50"]);
  });

  it("looks at the one element of a large set that is wrong", () => {
    const adds = Array.from({ length: 64 }, (_none, at): Line => [0, at, at + 0.5, "add", at]);
    const seen = Array.from({ length: 64 }, (_none, at) => at).filter((at) => at !== 37);
    const window = windowOf(check("set", [...adds, [1, 100, 101, "read", null, seen]]));
    expect(window.operations.map(({ what }) => what)).toEqual(["add 37", "read → without 37"]);
  });
});
