import { expect, it } from "vitest";
import type { MeshEventBody } from "#shared/contract/events.ts";
import { LogTail } from "./log-tail.ts";

const SECOND_US = 1_000_000;
const LATER = 10 * SECOND_US;
const line = (text: string): string => `2026/11/21 13:37:52 [INFO] ${text}`;
const textsOf = (events: readonly MeshEventBody[]): readonly string[] =>
  events.map((event) => (event.type === "log" ? event.text : event.type));

it("marks what was written before, and draws no facts from it", () => {
  const tail = new LogTail();
  tail.begin(0);
  const old = tail.line(line("serf: EventMemberFailed: b 127.0.0.1"), "a", 1_000);
  expect(textsOf(old.events)).toEqual(["[2026/11/21 13:37:52] EventMemberFailed: b 127.0.0.1"]);
  expect(old.fact).toBeUndefined();
  const fresh = tail.line(line("serf: EventMemberFailed: c 127.0.0.1"), "a", 201_001);
  expect(textsOf(fresh.events)).toEqual(["EventMemberFailed: c 127.0.0.1"]);
  expect(fresh.fact).toEqual({ kind: "changed" });
});

it("takes a burst that does not end for news after two seconds", () => {
  const tail = new LogTail();
  tail.begin(0);
  let facts = 0;
  for (let at = 0; at <= 2_100_000; at += 100_000) {
    if (tail.line(line(`serf: EventMemberJoin: n${at} x`), "a", at).fact !== undefined) facts += 1;
  }
  expect(facts).toBe(1);
});

it("does not tell again what a new monitor repeats", () => {
  const tail = new LogTail();
  tail.begin(0);
  tail.line(line("one"), "a", 0);
  tail.line(line("two"), "a", LATER);
  tail.begin(2 * LATER);
  expect(tail.line(line("one"), "a", 2 * LATER).events).toEqual([]);
  expect(tail.line(line("two"), "a", 2 * LATER).events).toEqual([]);
  expect(tail.line(line("missed"), "a", 2 * LATER).events).toHaveLength(1);
  expect(tail.line(line("two"), "a", 3 * LATER).events).toHaveLength(1);
});

it("remembers no more lines than it may", () => {
  const tail = new LogTail({ linesPerSecond: 100, remembered: 2 });
  tail.begin(0);
  for (const text of ["one", "two", "three"]) tail.line(line(text), "a", 0);
  tail.begin(LATER);
  expect(tail.line(line("three"), "a", LATER).events).toEqual([]);
  expect(tail.line(line("one"), "a", LATER).events).toHaveLength(1);
});

it("turns a flood into a gap that says how large it is, and still draws facts", () => {
  const tail = new LogTail({ linesPerSecond: 3, remembered: 100 });
  const told = [1, 2, 3].map((n) => tail.line(line(`serf: x${n}`), "a", LATER).events.length);
  expect(told).toEqual([1, 1, 1]);
  const lost = tail.line(line("memberlist: Suspect b has failed, no acks"), "a", LATER + 1);
  expect(lost).toEqual({ events: [], fact: { kind: "suspect", name: "b" } });
  expect(tail.flush("a", LATER + SECOND_US - 1)).toEqual([]);
  const next = tail.line(line("serf: x5"), "a", LATER + SECOND_US);
  expect(textsOf(next.events)).toEqual([
    "Skipped lines of this agent's log, which came too fast: 1.",
    "x5",
  ]);
  expect(tail.flush("a", LATER + 3 * SECOND_US)).toEqual([]);
});

it("tells a line of any length within the contract's limit", () => {
  const [event] = new LogTail().line("x".repeat(10_000), "a", LATER).events;
  expect(event).toMatchObject({ type: "log", text: "x".repeat(4_096) });
});
