import { describe, expect, it } from "vitest";
import { MemberDirectory } from "./directory.ts";
import { Overlay } from "./overlay.ts";
import type { Advert } from "./types.ts";

const formed = {
  members: new Map(["A", "B", "C"].map((id) => [id, { id, zone: "z" }])),
  neighbours: new Map([
    ["A", ["B"]],
    ["B", ["A"]],
    ["C", []],
  ]),
  digest: "",
  robustness: { components: 1, weak: [] },
};

function overlay(): { readonly overlay: Overlay; readonly directory: MemberDirectory } {
  const directory = new MemberDirectory("A", "z", formed);
  return { overlay: new Overlay("A", directory, formed), directory };
}

function advert(node: string, incarnation: number, version: number): Advert {
  return { node, incarnation, version, zone: "z", neighbours: ["A"], roundTripsUs: [7] };
}

describe("whose adverts an overlay holds", () => {
  it("is the formed mesh at first, and follows adverts that come and are forgotten", () => {
    const { overlay: held, directory } = overlay();
    expect(held.heard()).toEqual(["A", "B", "C"]);
    directory.set("AB", "alive", "z");
    expect(held.accept(advert("AB", 0, 1), 5)).toBe("newer");
    expect(held.heard()).toEqual(["A", "AB", "B", "C"]);
    held.forget("B");
    expect(held.heard()).toEqual(["A", "AB", "C"]);
    held.forget("AB");
    expect(held.heard()).toEqual(["A", "C"]);
    expect(held.accept(advert("B", 0, 1), 6)).toBe("newer");
    expect(held.heard()).toEqual(["A", "B", "C"]);
  });

  it("compares what it holds with a stamp: newer, equal, older, nothing", () => {
    const { overlay: held } = overlay();
    const stamp = (node: string, incarnation: number, version: number) => {
      return Math.sign(held.compare(node, { node, incarnation, version }));
    };
    // An advert of the formed mesh stands as incarnation 0, version 0.
    expect([stamp("B", 0, 0), stamp("B", 0, 1)]).toEqual([0, -1]);
    held.accept(advert("B", 1, 2), 5);
    expect([stamp("B", 1, 1), stamp("B", 1, 2), stamp("B", 1, 3)]).toEqual([1, 0, -1]);
    expect([stamp("B", 0, 9), stamp("B", 2, 0)]).toEqual([1, -1]);
    held.forget("B");
    expect([stamp("B", 0, 0), stamp("stranger", 0, 0)]).toEqual([-1, -1]);
  });

  it("keeps what an advert said when its lists are changed afterwards", () => {
    const { overlay: held } = overlay();
    const neighbours = ["A", "C"];
    const roundTripsUs = [7, 8];
    held.accept({ ...advert("B", 0, 1), neighbours, roundTripsUs }, 5);
    neighbours.pop();
    roundTripsUs.pop();
    expect(held.claimed("B")).toEqual(["A", "C"]);
    expect(held.roundTripUs("B", "C")).toBe(8);
  });
});
