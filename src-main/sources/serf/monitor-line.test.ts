import { expect, it } from "vitest";
import { factOf, parseMonitorLine } from "./monitor-line.ts";

it.each([
  ["DEBUG", "debug"],
  ["INFO", "info"],
  ["WARN", "warn"],
  ["ERR", "error"],
  ["ERROR", "error"],
  ["NEW", "info"],
])("reads the level %s as %s", (word, level) => {
  expect(parseMonitorLine(`2026/11/21 13:37:52 [${word}] agent.ipc: text: more\n`)).toEqual({
    level,
    topic: "agent.ipc",
    text: "text: more",
    stamp: "2026/11/21 13:37:52",
  });
});

it("keeps a line of another form whole", () => {
  const line = { level: "info", topic: "serf", text: "==> caught signal", stamp: undefined };
  expect(parseMonitorLine("==> caught signal")).toEqual(line);
});

it.each([
  ["[INFO] memberlist: Suspect n-2 has failed, no acks received", { kind: "suspect", name: "n-2" }],
  ["[WARN] memberlist: Refuting a suspect message (from: n1)", { kind: "refuted", by: "n1" }],
  ["[INFO] serf: EventMemberFailed: c2 127.0.0.1", { kind: "changed" }],
  ["[INFO] serf: EventMemberJoin: c2 127.0.0.1", { kind: "changed" }],
  ["[INFO] serf: EventMemberUpdate: c2", { kind: "changed" }],
  ["[INFO] serf: EventMemberLeave: c2 127.0.0.1", { kind: "changed" }],
  ["[INFO] agent: Received event: member-failed", undefined],
  ["[INFO] agent: Suspect n2 has failed, no acks received", undefined],
  ["[INFO] memberlist: Marking n2 as failed, suspect timeout reached (0 peers)", undefined],
])("draws from %s what it tells", (line, fact) => {
  expect(factOf(parseMonitorLine(`2026/11/21 13:37:52 ${line}`))).toEqual(fact);
});
