import { EVENT_TYPES, type MeshEvent } from "#shared/contract/events.ts";
import { expect, it } from "vitest";
import { EVENT_GROUPS, type EventFilter, matchesFilter } from "./filter.ts";

const killed: MeshEvent = { seq: 1, at: 5, type: "node.stopped", node: "E", reason: "killed" };
const words = () => ({ sentence: "E was killed", nodes: ["E"] });
const all: EventFilter = { group: "all", node: undefined, text: "" };

it("lets everything through without a filter", () => {
  expect(matchesFilter(killed, all, words)).toBe(true);
});

it("filters by group, node and text together", () => {
  expect(matchesFilter(killed, { ...all, group: "node" }, words)).toBe(true);
  expect(matchesFilter(killed, { ...all, group: "member" }, words)).toBe(false);
  expect(matchesFilter(killed, { ...all, node: "E" }, words)).toBe(true);
  expect(matchesFilter(killed, { ...all, node: "A" }, words)).toBe(false);
  expect(matchesFilter(killed, { group: "node", node: "E", text: " KILLED " }, words)).toBe(true);
  expect(matchesFilter(killed, { group: "node", node: "E", text: "left" }, words)).toBe(false);
});

it("does not put into words what the filter does not ask about", () => {
  const never = () => {
    throw new Error("asked");
  };
  expect(matchesFilter(killed, { ...all, group: "node" }, never)).toBe(true);
});

it("finds events by their type too", () => {
  expect(matchesFilter(killed, { ...all, text: "node.stop" }, words)).toBe(true);
});

it("has every event type that the timeline keeps in exactly one group", () => {
  const offTimeline = new Set(["log", "metrics.sampled"]);
  for (const type of EVENT_TYPES.filter((each) => !offTimeline.has(each))) {
    const event = { ...killed, type } as MeshEvent;
    const groups = EVENT_GROUPS.filter(
      (group) => group !== "all" && matchesFilter(event, { ...all, group }, words),
    );
    expect([type, groups.length]).toEqual([type, 1]);
  }
});
