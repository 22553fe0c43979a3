import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { meshFactory } from "../mesh-factory.ts";
import { toyFactory } from "../testing/toy-node.ts";
import { eventfulRun, type RunPrint } from "./eventful-run.ts";

/** Everything that a run could take from outside; in the child each of these throws. */
const FORBIDDEN = `
  const forbid = (name) => () => { throw new Error(name + " is not for the core"); };
  const RealDate = Date;
  globalThis.Date = new Proxy(RealDate, {
    construct: forbid("new Date"), apply: forbid("Date"), get: forbid("Date"),
  });
  Math.random = forbid("Math.random");
  for (const name of ["setTimeout", "setInterval", "setImmediate", "queueMicrotask", "fetch"]) {
    globalThis[name] = forbid(name);
  }
  Object.defineProperty(globalThis, "performance", { get: forbid("performance") });
  Object.defineProperty(globalThis, "crypto", { get: forbid("crypto") });
`;

function inAnotherProcess(factory: string, seed: number): RunPrint {
  const base = new URL("..", import.meta.url).href;
  const code = `
    import { writeSync } from "node:fs";
    ${FORBIDDEN}
    const { eventfulRun } = await import("${base}determinism/eventful-run.ts");
    ${factory.replaceAll("BASE/", base)}
    writeSync(1, JSON.stringify(eventfulRun(${seed}, factory)));
  `;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    stdio: "pipe",
  });
  return JSON.parse(output.toString()) as RunPrint;
}

const TOYS = `
  const { toyFactory } = await import("BASE/testing/toy-node.ts");
  const factory = toyFactory();
`;

describe("a run of toys", () => {
  test("is the same twice in one process", () => {
    const first = eventfulRun(42, toyFactory());
    expect(eventfulRun(42, toyFactory())).toEqual(first);
    expect(first.count).toBeGreaterThan(70);
  });

  test("is the same in another process, where clocks, timers and dice throw", () => {
    expect(inAnotherProcess(TOYS, 42)).toEqual(eventfulRun(42, toyFactory()));
  });

  test("differs with the seed in every respect", () => {
    const [a, b] = [eventfulRun(1, toyFactory()), eventfulRun(2, toyFactory())];
    expect(a.trace).not.toBe(b.trace);
    expect(a.events).not.toBe(b.events);
    expect(a.finalDraw).not.toBe(b.finalDraw);
  });

  test("a core that looks at a clock is found out", () => {
    const peeking = `
      const { toyFactory } = await import("BASE/testing/toy-node.ts");
      const factory = toyFactory((input, effects) => { Date.now(); return effects; });
    `;
    // Its nodes fail at once, so the first command finds none that runs.
    expect(() => inAnotherProcess(peeking, 42)).toThrow("B is stopped, not running");
  });
});

const REAL = `
  const { meshFactory: factory } = await import("BASE/mesh-factory.ts");
`;

describe("a run of real nodes", () => {
  test("is the same twice, and in another process without clocks or dice", () => {
    const first = eventfulRun(7, meshFactory);
    expect(eventfulRun(7, meshFactory)).toEqual(first);
    expect(inAnotherProcess(REAL, 7)).toEqual(first);
    expect(first.count).toBeGreaterThan(200);
  });

  test("differs with the seed", () => {
    expect(eventfulRun(8, meshFactory).trace).not.toBe(eventfulRun(7, meshFactory).trace);
  });
});
