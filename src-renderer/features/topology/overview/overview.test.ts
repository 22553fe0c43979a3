import { describe, expect, it } from "vitest";
import { fitBox, MAX_ZOOM, MIN_ZOOM, reveal, toGraph, toScreen, zoomAt } from "./camera.ts";
import { boxBetween, pickIndex } from "./pick.ts";

const screen = { width: 800, height: 600 };

describe("the camera", () => {
  const camera = { x: 40, y: -20, zoom: 0.5 };

  it("goes to the screen and back", () => {
    expect(toScreen(camera, { x: 100, y: 100 })).toEqual({ x: 90, y: 30 });
    expect(toGraph(camera, { x: 90, y: 30 })).toEqual({ x: 100, y: 100 });
  });

  it("keeps what is under the pointer under the pointer", () => {
    const anchor = { x: 300, y: 200 };
    const closer = zoomAt(camera, anchor, 1.5);
    expect(closer.zoom).toBe(0.75);
    expect(toGraph(closer, anchor)).toEqual(toGraph(camera, anchor));
  });

  it("stops at its limits", () => {
    expect(zoomAt(camera, { x: 0, y: 0 }, 1e9).zoom).toBe(MAX_ZOOM);
    expect(zoomAt(camera, { x: 0, y: 0 }, 1e-9).zoom).toBe(MIN_ZOOM);
  });

  it("fits a wide box by its width, in the middle, and does not blow up a small one", () => {
    const wide = fitBox({ x: -800, y: -100, width: 1_600, height: 200 }, screen);
    expect(wide).toEqual({ zoom: 0.5, x: 400, y: 300 });
    expect(fitBox({ x: 0, y: 0, width: 10, height: 10 }, screen).zoom).toBe(1);
  });

  it("moves only as far as needed to reveal a node", () => {
    const still = { x: 0, y: 0, zoom: 1 };
    expect(reveal(still, { x: 50, y: 50 }, screen, 50)).toBe(still);
    expect(reveal(still, { x: 49, y: 50 }, screen, 50)).toEqual({ x: 1, y: 0, zoom: 1 });
    expect(reveal(still, { x: 900, y: 700 }, screen, 50)).toEqual({ x: -150, y: -150, zoom: 1 });
  });
});

describe("picking", () => {
  const index = pickIndex(
    new Map([
      ["A", { x: -10, y: -10 }],
      ["B", { x: 250, y: 0 }],
      ["C", { x: 262, y: 0 }],
    ]),
  );

  it("finds the nearest within reach, across the borders of buckets", () => {
    expect(index.nearest({ x: 257, y: 0 }, 20)).toBe("C");
    expect(index.nearest({ x: 255, y: 0 }, 20)).toBe("B");
    expect(index.nearest({ x: 4, y: -10 }, 14)).toBe("A");
    expect(index.nearest({ x: 5, y: -10 }, 14)).toBeUndefined();
  });

  it("finds what lies in a box, its rim included, whichever way it was drawn", () => {
    expect(index.inside(boxBetween({ x: 262, y: 5 }, { x: -10, y: -10 }))).toEqual(["A", "B", "C"]);
    expect(index.inside(boxBetween({ x: 261, y: 5 }, { x: -9, y: -10 }))).toEqual(["B"]);
  });
});
