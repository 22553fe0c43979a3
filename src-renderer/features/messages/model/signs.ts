import type { Sign } from "./marks.ts";

/** Corners around the middle of a sign, pixels; each has a shape of its own. */
export const SIGN_SHAPES: Readonly<Record<Sign, readonly (readonly [number, number])[] | "disc">> =
  {
    stop: [
      [-4.5, -4.5],
      [4.5, -4.5],
      [4.5, 4.5],
      [-4.5, 4.5],
    ],
    start: [
      [-4, -5],
      [5, 0],
      [-4, 5],
    ],
    pause: [
      [-4, -5],
      [-1, -5],
      [-1, 5],
      [1, 5],
      [1, -5],
      [4, -5],
      [4, 5],
      [-4, 5],
    ],
    leader: [
      [-6, 4],
      [-6, -5],
      [-2.5, -1],
      [0, -6],
      [2.5, -1],
      [6, -5],
      [6, 4],
    ],
    candidate: [
      [0, -5.5],
      [5, 4],
      [-5, 4],
    ],
    vote: [
      [-3, -3],
      [3, -3],
      [3, 3],
      [-3, 3],
    ],
    commit: [
      [0, -5],
      [5, 0],
      [0, 5],
      [-5, 0],
    ],
    alarm: [
      [-2.5, -5.5],
      [2.5, -5.5],
      [5.5, -2.5],
      [5.5, 2.5],
      [2.5, 5.5],
      [-2.5, 5.5],
      [-5.5, 2.5],
      [-5.5, -2.5],
    ],
    fault: [
      [1.5, -6],
      [-4, 1],
      [-0.5, 1],
      [-1.5, 6],
      [4, -1.5],
      [0.5, -1.5],
    ],
    verdict: [
      [-5, -4],
      [5, -4],
      [0, 5.5],
    ],
    note: "disc",
  };
