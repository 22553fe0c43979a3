import { describe, expect, it } from "vitest";
import { joinTimer, splitTimer } from "./timer-names.ts";

describe("the names of a node's timers", () => {
  it("tells the same timer of two machines apart", () => {
    expect(joinTimer("gossip:", "round")).toBe("gossip:round");
    expect(joinTimer("links:", "round")).toBe("links:round");
    expect(joinTimer("gossip:", "round")).toBe("gossip:round");
  });

  it("takes apart what it put together, names with a separator of their own too", () => {
    const name = joinTimer("membership:", "suspect/zone:a");
    expect(name).toBe("membership:suspect/zone:a");
    expect(splitTimer(name)).toEqual({ prefix: "membership:", timer: "suspect/zone:a" });
  });

  it("takes apart names that it never saw, at the first separator", () => {
    expect(splitTimer("unseen:a:b")).toEqual({ prefix: "unseen:", timer: "a:b" });
    expect(splitTimer("bare")).toEqual({ prefix: "", timer: "bare" });
  });

  it("stays right when more names came than it keeps", () => {
    const first = joinTimer("membership:", "suspect/0");
    for (let i = 0; i < 20_000; i++) {
      joinTimer("membership:", `suspect/${i}`);
    }
    expect(joinTimer("membership:", "suspect/0")).toBe(first);
    expect(splitTimer(first)).toEqual({ prefix: "membership:", timer: "suspect/0" });
  });
});
