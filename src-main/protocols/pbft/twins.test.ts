// Every small scenario of a replica that runs twice: who hears whom, view by view.
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  describeScenario,
  runTwins,
  type TwinsScenario,
  twinsScenarios,
  type TwinsSpace,
} from "./testing/twins.ts";

/** Of the scenarios of several views every so many is run; TWINS_EVERY=1 runs all of them. */
const EVERY = Number(process.env["TWINS_EVERY"] ?? 71);
const MAX_SHOWN = 5;
const LIMIT_MS = 1_200_000;

type Quorum = (n: number, f: number) => number;

/** A wrong quorum that the group computes instead of its own, to be found by the scenarios. */
const planted = vi.hoisted(() => ({
  quorum: null as Quorum | null,
}));

vi.mock("./quorum.ts", async (original) => {
  const real = await original<{ readonly pbftQuorum: Quorum }>();
  const pbftQuorum: Quorum = (n, f) => (planted.quorum ?? real.pbftQuorum)(n, f);
  return { ...real, pbftQuorum };
});

afterEach(() => {
  planted.quorum = null;
});

interface Findings {
  readonly ran: number;
  /** Scenarios in which something was executed while the network was cut. */
  readonly productive: number;
  readonly unsafe: readonly string[];
  readonly stuck: readonly string[];
}

function explore(space: TwinsSpace, scenarios: Iterable<TwinsScenario>): Findings {
  const [unsafe, stuck]: [string[], string[]] = [[], []];
  let [ran, productive] = [0, 0];
  for (const scenario of scenarios) {
    const verdict = runTwins(space, scenario);
    const where = describeScenario(scenario, space);
    ran++;
    productive += verdict.executed > 0 ? 1 : 0;
    if (verdict.unsafe !== null) unsafe.push(`${where}: ${verdict.unsafe}`);
    if (verdict.stuck !== null) stuck.push(`${where}: ${verdict.stuck}`);
  }
  return { ran, productive, unsafe, stuck };
}

function* slice(space: TwinsSpace, every: number): Generator<TwinsScenario> {
  let place = 0;
  for (const scenario of twinsScenarios(space)) {
    if (place++ % every === 0) {
      yield scenario;
    }
  }
}

const plain = (size: number, twinned: readonly number[], rounds: number): TwinsSpace => {
  return { size, twinned, rounds, torn: false };
};

const all = (space: TwinsSpace): Findings => explore(space, twinsScenarios(space));

describe("the scenarios", () => {
  it("are all that differ, each once, always in the same order", () => {
    const space = plain(4, [0], 3);
    const scenarios = [...twinsScenarios(space)].map((one) => describeScenario(one, space));
    // 16 cuts of five instances; in 8 of them the twins are together, and renaming changes nothing.
    expect(scenarios).toHaveLength((16 ** 3 + 8 ** 3) / 2);
    expect(new Set(scenarios).size).toBe(scenarios.length);
    expect(scenarios[1]).toBe("{r0 r2 r3 r0' | r1}, {r0 r1 r2 r3 r0' | }, {r0 r1 r2 r3 r0' | }");
  });

  it("may end a round when one instance alone has decided", () => {
    const space = { ...plain(4, [0], 2), torn: true };
    const scenarios = [...twinsScenarios(space)].map((one) => describeScenario(one, space));
    expect(scenarios).toHaveLength((16 * 6 * 16 + 8 * 4 * 8) / 2);
    expect(new Set(scenarios).size).toBe(scenarios.length);
    expect(scenarios).toContain("{r0 r1 r2 r3 r0' | } commits to r2, {r0 r1 r3 r0' | r2}");
  });

  it("run the same each time", () => {
    const space = plain(4, [0], 2);
    const rounds = [18, 6].map((cut) => ({ cut, commitsTo: null }));
    expect(runTwins(space, rounds)).toEqual(runTwins(space, rounds));
    expect(describeScenario(rounds, space)).toBe("{r0 r2 r3 | r1 r0'}, {r0 r3 r0' | r1 r2}");
  });
});

describe("one replica of four runs twice: agreement, validity, and life after the healing", () => {
  // Its place in the rotation: primary of the first, second or third view, or of none.
  const places = [0, 1, 2, 3];

  it.each(places)("replica %i, one view: every scenario", (place) => {
    const found = all(plain(4, [place], 1));
    expect(found).toMatchObject({ unsafe: [], stuck: [] });
    expect(found.productive).toBeGreaterThan(0);
  });

  const spaces = places.flatMap((place): [string, TwinsSpace][] => [
    [`replica ${place}, two views, the first one torn`, { ...plain(4, [place], 2), torn: true }],
    [`replica ${place}, three views`, plain(4, [place], 3)],
  ]);
  it.each(spaces)(
    "%s",
    (_title, space) => {
      const { unsafe, stuck, ran, productive } = explore(space, slice(space, EVERY));
      expect(unsafe.slice(0, MAX_SHOWN)).toEqual([]);
      expect(stuck.slice(0, MAX_SHOWN)).toEqual([]);
      expect(ran).toBeGreaterThan(10);
      expect(productive).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

it("one replica of five runs twice: quorums of 4 hold in every scenario of one view", () => {
  expect(all(plain(5, [0], 1))).toMatchObject({ unsafe: [], stuck: [] });
});

describe("what the scenarios find", () => {
  it("a quorum of n - f - 1", () => {
    planted.quorum = (n, f) => n - f - 1;
    expect(all(plain(4, [0], 1)).unsafe.length).toBeGreaterThan(0);
  });

  it("a quorum of 2f + 1 in a group of 5, which only a replica that runs twice can break", () => {
    planted.quorum = (_n, f) => 2 * f + 1;
    expect(all(plain(5, [], 1)).unsafe).toEqual([]);
    expect(all(plain(5, [0], 1)).unsafe).toEqual(
      expect.arrayContaining([expect.stringContaining("two digests at 1")]),
    );
  });

  it("more than f replicas that run twice", () => {
    expect(all(plain(4, [0, 1], 1)).unsafe).toEqual([
      "{r0 r3 r1' | r1 r2 r0'}: two digests at 1",
      "{r0 r2 r1' | r1 r3 r0'}: two digests at 1",
    ]);
  });
});
