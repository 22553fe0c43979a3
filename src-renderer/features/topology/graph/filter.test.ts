import { describe, expect, it } from "vitest";
import { matches, parseFilter } from "./filter.ts";
import { nodeView } from "./testing.ts";

const node = nodeView("agent-7", {
  zone: "Z1",
  address: "10.0.0.7:7946",
  tags: { role: "web" },
  mode: "read-only",
  process: "paused",
});
const holds = (query: string) => matches(parseFilter(query), { node, health: "suspect" });

describe("the filter", () => {
  it.each(["", "   ", "-"])("lets everything through for %j", (query) => {
    expect(holds(query)).toBe(true);
  });

  it.each(["AGENT", "0.7:79", "z1", "role=w", "zone:z1", "is:suspect", "mode:read-only"])(
    "matches %s",
    (query) => expect(holds(query)).toBe(true),
  );

  it.each(["agent-8", "zone:z", "is:failed", "mode:read-write", "process:running", "role=db"])(
    "does not match %s",
    (query) => expect(holds(query)).toBe(false),
  );

  it("joins words by and", () => {
    expect(holds("agent zone:z1")).toBe(true);
    expect(holds("agent zone:z2")).toBe(false);
  });

  it("turns a word round with a leading minus", () => {
    expect(holds("-zone:z2")).toBe(true);
    expect(holds("-zone:z1")).toBe(false);
    expect(holds("-agent")).toBe(false);
  });

  it("takes an unknown field, an empty one or a leading colon as text", () => {
    expect(parseFilter("foo:bar zone: :x")).toEqual([
      { field: "text", value: "foo:bar", negated: false },
      { field: "text", value: "zone:", negated: false },
      { field: "text", value: ":x", negated: false },
    ]);
  });

  it("a node without a zone is in no named zone", () => {
    const plain = { node: nodeView("A"), health: "healthy" as const };
    expect(matches(parseFilter("zone:z1"), plain)).toBe(false);
    expect(matches(parseFilter("-zone:z1"), plain)).toBe(true);
  });

  it("reads at most sixteen words", () => {
    expect(parseFilter("a ".repeat(40))).toHaveLength(16);
  });
});
