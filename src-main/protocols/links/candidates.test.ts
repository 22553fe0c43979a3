import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { estimateUs, rankCandidates } from "./candidates.ts";
import { LINKS_DEFAULTS } from "./options.ts";
import { LinksState } from "./state.ts";
import { formMesh } from "./topology.ts";

interface Scene {
  /** Links of the mesh, as pairs of letters; A looks for candidates. */
  readonly links: string;
  readonly zones?: Readonly<Record<string, string>>;
  readonly max?: number;
}

/** A's state in a formed mesh, its own links in place, everybody bound by 2 to `max` links. */
function scene({ links, zones = {}, max = 5 }: Scene): LinksState {
  const ids = [...new Set(links.replaceAll(" ", ""))].sort();
  const pairs = links.split(" ").map((pair) => [pair.charAt(0), pair.charAt(1)] as const);
  const limits = { minNeighbours: 2, maxNeighbours: max };
  const formed = formMesh({
    kind: "custom",
    members: ids.map((id) => ({ id, zone: zones[id] ?? "" })),
    random: createRandom(1),
    links: pairs,
    ...limits,
  });
  const options = { ...LINKS_DEFAULTS, ...limits, kind: "grid" } as const;
  const shared = createRandom(1);
  const state = new LinksState({ self: "A", zone: "", options, random: shared, shared, formed });
  formed.neighbours.get("A")?.forEach((peer) => state.table.add(peer, "bootstrap"));
  return state;
}

const best = (state: LinksState, lost: readonly string[] = []) => rankCandidates(state, lost)[0];

describe("rankCandidates", () => {
  it("leaves out peers, itself, who is full, who was asked, and who is not alive", () => {
    const state = scene({ links: "AB AC BC BD CD DE EF FD BE CF", max: 4 });
    // B, C are peers; D and the others are free; D has four links and is full.
    expect(rankCandidates(state, []).toSorted()).toEqual(["E", "F"]);
    state.table.offered("E", "repair", 100);
    expect(rankCandidates(state, [])).toEqual(["F"]);
    state.directory.set("F", "suspect", "");
    expect(rankCandidates(state, [])).toEqual([]);
  });

  it("prefers who mends a weak overlay to everybody else", () => {
    // C is weak: only a link past it, to D or E, helps; F hangs on nothing weak but is near.
    const state = scene({ links: "AB BC CA CD DE EC AF FB FG GB" });
    expect(["D", "E"]).toContain(best(state));
  });

  it("prefers who has too few links, then second hops", () => {
    const needy = scene({ links: "AB BC CD DE EA CE BG GC DG" });
    needy.directory.set("H", "alive", "");
    needy.overlay.accept(
      { node: "H", incarnation: 0, version: 1, zone: "", neighbours: ["D"], roundTripsUs: [0] },
      0,
    );
    expect(best(needy)).toBe("H");
    // A ring: C and F are two hops away, D and E three; lately lost peers count as near too.
    const ring = scene({ links: "AB BC CD DE EF FG GA" });
    expect(rankCandidates(ring, []).slice(0, 2).toSorted()).toEqual(["C", "F"]);
    expect(rankCandidates(ring, ["E"]).slice(0, 4)).toContain("D");
  });

  it("prefers zones it has few links to", () => {
    const zones = { B: "x", C: "x", D: "x", E: "y" };
    const state = scene({ links: "AB AC BD CD BE CE", zones });
    expect(best(state)).toBe("E");
    const other = scene({ links: "AB AC BD CD BE CE", zones: { ...zones, D: "y", E: "x" } });
    expect(best(other)).toBe("D");
  });

  it("prefers low latency, bounded by the way over a common neighbour", () => {
    const state = scene({ links: "AB AC BD CD BE CE" });
    const link = state.table.get("B");
    if (link !== undefined) {
      link.roundTripUs = 1_000;
    }
    const roundTripsUs = [1_000, 9_000, 2_000];
    const advert = { node: "B", incarnation: 0, version: 1, zone: "", roundTripsUs };
    state.overlay.accept({ ...advert, neighbours: ["A", "D", "E"] }, 0);
    expect(estimateUs(state, "D")).toBe(10_000);
    expect(estimateUs(state, "E")).toBe(3_000);
    expect(estimateUs(state, "X")).toBe(Infinity);
    expect(best(state)).toBe("E");
  });

  it("prefers low degree when nothing else decides", () => {
    const state = scene({ links: "AB AC BD CD BE CE DF EG DG GF" });
    // D has four links, E three; both are second hops.
    expect(best(state)).toBe("E");
  });
});
