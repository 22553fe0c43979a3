import { expect, it } from "vitest";
import { parseNames } from "./names.ts";

it("parts names by spaces, commas and semicolons, each once", () => {
  expect(parseNames(" A, B;C  A", ["A", "B", "C"])).toEqual({
    nodes: ["A", "B", "C"],
    unknown: [],
  });
});

it("forgives the case where that is unambiguous, and prefers the exact name", () => {
  expect(parseNames("e", ["E"]).nodes).toEqual(["E"]);
  expect(parseNames("a", ["A", "a"]).nodes).toEqual(["a"]);
  expect(parseNames("NODE", ["Node", "node"])).toEqual({ nodes: [], unknown: ["NODE"] });
});

it("names what is not there", () => {
  expect(parseNames("A x9", ["A"])).toEqual({ nodes: ["A"], unknown: ["x9"] });
});
