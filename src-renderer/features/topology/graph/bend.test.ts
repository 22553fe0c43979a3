import { describe, expect, it } from "vitest";
import { bendEdges, curveOf, pointOn } from "./bend.ts";
import { gridLayout } from "./shapes.ts";

const places = gridLayout([..."ABCDEFGHI"]);
const edge = (pair: string) => ({ id: pair, a: pair.charAt(0), b: pair.charAt(1) });

describe("bows", () => {
  it("neighbours and diagonals of a grid are joined by straight lines", () => {
    expect([...bendEdges(["AB", "AD", "AE"].map(edge), places).values()]).toEqual([0, 0, 0]);
  });

  it("a link over a card goes around it", () => {
    const bend = bendEdges([edge("AC")], places).get("AC") ?? 0;
    expect(Math.abs(bend)).toBe(56);
    const a = places.get("A") ?? { x: 0, y: 0 };
    const c = places.get("C") ?? { x: 0, y: 0 };
    const middle = pointOn(curveOf(a, c, bend), 0.5);
    expect(Math.abs(middle.y - a.y)).toBeCloseTo(56);
  });

  it("a diagonal across the middle slips between the cards", () => {
    const bend = bendEdges([edge("AI")], places).get("AI") ?? 0;
    expect(Math.abs(bend)).toBe(72);
  });

  it("starts and ends at its nodes, to the left of the way for a positive bend", () => {
    const curve = curveOf({ x: 0, y: 0 }, { x: 100, y: 0 }, 30);
    expect(pointOn(curve, 0)).toEqual({ x: 0, y: 0 });
    expect(pointOn(curve, 1)).toEqual({ x: 100, y: 0 });
    expect(pointOn(curve, 0.5)).toEqual({ x: 50, y: -30 });
  });

  it("leaves out an edge without a place", () => {
    expect(bendEdges([edge("AZ")], places).size).toBe(0);
  });
});
