import { describe, expect, it } from "vitest";
import { ms, seconds } from "#main/kernel/time.ts";
import {
  advertLifetime,
  checkDelay,
  LINKS_DEFAULTS,
  refreshInterval,
  validateLinksOptions,
} from "./options.ts";

describe("validateLinksOptions", () => {
  it("accepts the defaults", () => {
    expect(validateLinksOptions(LINKS_DEFAULTS)).toEqual([]);
  });

  it("accepts the ends of a range and nothing beyond them", () => {
    const problems = (change: object) => validateLinksOptions({ ...LINKS_DEFAULTS, ...change });
    expect(problems({ traceTtl: 255, minNeighbours: 5, maxNeighbours: 5 })).toEqual([]);
    expect(problems({ optimiseIntervalMs: 0, floodDelayMs: 0 })).toEqual([]);
    expect(problems({ traceTtl: 256 })).toHaveLength(1);
    expect(problems({ missesAllowed: 0 })).toHaveLength(1);
  });

  it("reports all problems at once", () => {
    const broken = { minNeighbours: 6, pingIntervalMs: Number.NaN, traceTtl: 1.5 };
    const options = { ...LINKS_DEFAULTS, ...broken, kind: "knot" as "grid" };
    expect(validateLinksOptions(options)).toEqual([
      "pingIntervalMs must be 1 to 86400000",
      "traceTtl must be a whole number from 1 to 255",
      "minNeighbours must not be over maxNeighbours",
      "kind must be one of grid, ring, star, full, random-regular, hierarchical, small-world, custom",
    ]);
  });
});

describe("intervals by mesh size", () => {
  it("announcements slow down in proportion from ten nodes on", () => {
    expect(refreshInterval(LINKS_DEFAULTS, 9)).toBe(seconds(5));
    expect(refreshInterval(LINKS_DEFAULTS, 10)).toBe(seconds(5));
    expect(refreshInterval(LINKS_DEFAULTS, 1_000)).toBe(seconds(500));
  });

  it("an advert outlives three announcements and a comparison", () => {
    expect(advertLifetime(LINKS_DEFAULTS, 9)).toBe(seconds(20));
  });

  it("judging the graph waits a second, or longer in large meshes", () => {
    expect(checkDelay(9)).toBe(ms(1_000));
    expect(checkDelay(100)).toBe(ms(1_000));
    expect(checkDelay(1_000)).toBe(ms(10_000));
  });
});
