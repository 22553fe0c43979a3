import { describe, expect, it } from "vitest";
import { PaintPace } from "./paint-pace.ts";

/** Which of `frames` frames, `gapMs` apart, are painted. */
function painted(pace: PaintPace, frames: number, gapMs: number, fromMs = 0): readonly number[] {
  return Array.from({ length: frames }, (_, index) => fromMs + index * gapMs).filter((nowMs) =>
    pace.due(nowMs),
  );
}

describe("the pace of painting", () => {
  it("is every frame while frames come in time", () => {
    expect(painted(new PaintPace(), 60, 16)).toHaveLength(60);
    expect(painted(new PaintPace(), 60, 24)).toHaveLength(60);
  });

  it("is every 66 ms at most while they come late", () => {
    const pace = new PaintPace();
    painted(pace, 30, 33);
    expect(painted(pace, 30, 33, 30 * 33)).toHaveLength(15);
    expect(painted(pace, 30, 66, 62 * 33)).toHaveLength(30);
  });

  it("is every frame again once they come in time again", () => {
    const pace = new PaintPace();
    painted(pace, 30, 40);
    painted(pace, 30, 16, 1_200);
    expect(painted(pace, 30, 16, 1_200 + 30 * 16)).toHaveLength(30);
  });

  it("takes a rest for a rest and not for late frames", () => {
    const pace = new PaintPace();
    expect(painted(pace, 10, 1_000)).toHaveLength(10);
    expect(painted(pace, 10, 16, 10_000)).toHaveLength(10);
  });
});
