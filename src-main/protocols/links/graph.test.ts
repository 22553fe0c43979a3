import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasDisjointRoutes, isNotWeaker, outOfReach, robustness } from "./disjoint.ts";
import { distances, LinkSet } from "./graph.ts";
import { shortestRoute } from "./routes.ts";

function graph(text: string): LinkSet {
  const pairs = text.split(" ").filter((pair) => pair !== "");
  const links = new LinkSet(new Set(pairs.join("")));
  pairs.forEach((pair) => links.add(pair.charAt(0), pair.charAt(1)));
  return links;
}

/** The definition: a node is weak when without it there are more parts than with it. */
function weakByDefinition(links: LinkSet): string[] {
  const parts = (without: string | null) => {
    const nodes = [...links.nodes].filter((node) => node !== without);
    const rest = new LinkSet(nodes);
    nodes.forEach((node) => links.neighbours(node).forEach((other) => rest.add(node, other)));
    const seen = new Set<string>();
    let count = 0;
    for (const node of nodes) {
      count += Number(!seen.has(node));
      distances(rest, node).forEach((_, reached) => seen.add(reached));
    }
    return count;
  };
  const all = parts(null);
  return [...links.nodes].filter((node) => parts(node) > all).sort();
}

describe("robustness", () => {
  it.each([
    ["AB BC CA", 1, []],
    ["AB BC", 1, ["B"]],
    ["AB BC CD", 1, ["B", "C"]],
    ["AB BC CA CD DE EC", 1, ["C"]],
    ["AB CD", 2, []],
    ["AB BC DE EF FD", 2, ["B"]],
    ["HA HB HC", 1, ["H"]],
  ])("of %s", (text, components, weak) => {
    expect(robustness(graph(text))).toEqual({ components, weak });
  });

  it("is held by a single node, and by none", () => {
    expect(hasDisjointRoutes(robustness(new LinkSet(["A"])))).toBe(true);
    expect(hasDisjointRoutes(robustness(new LinkSet([])))).toBe(true);
    expect(hasDisjointRoutes(robustness(new LinkSet(["A", "B"])))).toBe(false);
  });

  it("agrees with the definition of an articulation point", () => {
    const edges = fc.array(
      fc.tuple(fc.constantFrom(..."ABCDEFGHJK"), fc.constantFrom(..."ABCDEFGHJK")),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(edges, (pairs) => {
        const links = new LinkSet("ABCDEFGHJK");
        pairs.forEach(([a, b]) => links.add(a, b));
        expect(robustness(links).weak).toEqual(weakByDefinition(links));
      }),
      { numRuns: 500 },
    );
  });

  it("copes with long chains without recursion", () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `n${i}`);
    const chain = new LinkSet(ids);
    ids.forEach((id, i) => chain.add(id, ids[i + 1] ?? id));
    expect(robustness(chain).weak).toHaveLength(19_998);
  });

  it("compares: neither more parts nor more weak nodes", () => {
    const sound = { components: 1, weak: [] };
    expect(isNotWeaker(sound, { components: 1, weak: ["A"] })).toBe(true);
    expect(isNotWeaker(sound, sound)).toBe(true);
    expect(isNotWeaker({ components: 1, weak: ["A"] }, sound)).toBe(false);
    expect(isNotWeaker({ components: 2, weak: [] }, sound)).toBe(false);
  });

  it("tells what is out of reach", () => {
    expect(outOfReach(graph("AB CD"), "A")).toEqual(["C", "D"]);
    expect(outOfReach(graph("AB BC"), "A")).toEqual([]);
  });
});

describe("LinkSet", () => {
  it("takes no loops, no strangers and nothing twice", () => {
    const links = new LinkSet(["A", "B"]);
    expect(links.add("A", "A")).toBe(false);
    expect(links.add("A", "X")).toBe(false);
    expect(links.add("A", "B")).toBe(true);
    expect(links.add("B", "A")).toBe(false);
    expect(links.degree("A")).toBe(1);
    links.remove("B", "A");
    expect(links.has("A", "B")).toBe(false);
  });
});

describe("shortestRoute", () => {
  const free = () => 0;

  it("has the fewest hops", () => {
    const links = graph("AB BC CD AD DE");
    expect(shortestRoute(links, ["A", "E"], free, new Set())).toEqual(["A", "D", "E"]);
    expect(shortestRoute(links, ["A", "A"], free, new Set())).toEqual(["A"]);
  });

  it("has the least latency among those, and never more hops for it", () => {
    const links = graph("AB BD AC CD AD");
    links.remove("A", "D");
    const slow = new Set(["AB", "BD", "AC"]);
    const cost = (a: string, b: string) => (slow.has(a + b) ? 50 : 1);
    expect(shortestRoute(links, ["A", "D"], cost, new Set())).toEqual(["A", "C", "D"]);
    links.add("A", "D");
    const direct = (a: string, b: string) => (a + b === "AD" ? 1_000 : 1);
    expect(shortestRoute(links, ["A", "D"], direct, new Set())).toEqual(["A", "D"]);
  });

  it("goes around nodes to avoid, and is null when there is no way", () => {
    const links = graph("AB BD AC CE ED");
    expect(shortestRoute(links, ["A", "D"], free, new Set("B"))).toEqual(["A", "C", "E", "D"]);
    expect(shortestRoute(links, ["A", "D"], free, new Set("BC"))).toBeNull();
    expect(shortestRoute(links, ["A", "X"], free, new Set())).toBeNull();
  });
});
