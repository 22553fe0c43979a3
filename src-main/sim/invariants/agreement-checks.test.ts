/** Each promise of agreement is found broken where it is, and only there. */
import { describe, expect, test } from "vitest";
import type { ConsensusKind } from "#shared/contract/agreement-events.ts";
import type { MeshEventBody } from "#shared/contract/events.ts";
import { InvariantMonitor } from "./monitor.ts";

const NODES = ["A", "B", "C", "D"];

/** What the checkers of a protocol say to a stream of events. */
function broken(kind: ConsensusKind, bodies: readonly MeshEventBody[], atRest = false): string[] {
  const found: string[] = [];
  const traffic = {
    sent: 0,
    duplicated: 0,
    delivered: 0,
    lost: 0,
    cut: 0,
    deadReceiver: 0,
    bytes: 0,
    latencyUs: 0,
  };
  const world = { now: 0, inFlight: 0, traffic };
  const emit = (event: MeshEventBody): void => {
    if (event.type === "invariant.violated") {
      found.push(event.invariant);
    }
  };
  const monitor = new InvariantMonitor(world, () => 0, emit, kind);
  const started = NODES.map(
    (node): MeshEventBody => ({ type: "node.started", node, incarnation: 0, disk: "new" }),
  );
  [...started, ...bodies].forEach((body, index) => {
    monitor.observe({ seq: index + 1, at: index, ...body });
  });
  if (atRest) {
    monitor.checkQuiescence();
  }
  return found;
}

const leads = (node: string, term: number, role: "leader" | "follower" = "leader") =>
  ({ type: "consensus.role", node, role, term, reason: "test" }) as const;
const entry = (index: number, term: number, digest = `d${index}/${term}`) =>
  ({ index, term, digest, what: "command", bytes: 1 }) as const;
const appended = (node: string, ...entries: ReturnType<typeof entry>[]): MeshEventBody => ({
  type: "consensus.appended",
  node,
  entries,
});
const committed = (node: string, index: number, term = 1) =>
  ({ type: "consensus.committed", node, index, term }) as const;
const applied = (node: string, index: number, digest = `d${index}`, state = `s${index}`) =>
  ({ type: "consensus.applied", node, term: 1, index, digest, state }) as const;
const executed = (node: string, index: number, digest?: string, state?: string) => [
  committed(node, index),
  applied(node, index, digest, state),
];
const restarted = (node: string, disk: "kept" | "wiped"): MeshEventBody => ({
  type: "node.started",
  node,
  incarnation: 1,
  disk,
});
const traitor = (node: string): MeshEventBody => ({
  type: "fault.applied",
  fault: "f1",
  spec: { kind: "byzantine", node, behaviours: ["equivocate"] },
});
const prepared = (node: string, index: number, digest: string) =>
  ({ type: "consensus.round", node, term: 0, index, phase: "prepared", digest }) as const;
const snapshot = (node: string, index: number, digest: string, how: "taken" | "installed") =>
  ({ type: "consensus.snapshot", node, how, term: 1, index, digest, bytes: 1 }) as const;
const evidence = (node: string, accused: string): MeshEventBody => ({
  type: "consensus.evidence",
  node,
  accused,
  fault: "equivocation",
  term: 0,
  index: 1,
  text: "",
});
const mode = (node: string, value: "read-only" | "read-write"): MeshEventBody => ({
  type: "partition.mode",
  node,
  mode: value,
  reachable: 1,
  needed: 3,
  of: 4,
  reason: "test",
});
const submitted = (node: string, request: string, what = "memory.write"): MeshEventBody => ({
  type: "request.submitted",
  node,
  request,
  what,
  text: "",
});
const answered = (node: string, request: string, index: number): MeshEventBody => ({
  type: "request.answered",
  node,
  request,
  code: "ok",
  index,
  tookUs: 1,
});
const holds = (node: string, ...values: string[]): MeshEventBody => ({
  type: "memory.changed",
  node,
  namespace: "n",
  key: "k",
  values,
  version: "1",
  cause: "write",
});

describe("Raft", () => {
  test.each<[string, readonly MeshEventBody[], readonly string[]]>([
    ["two leaders of one term", [leads("A", 2), leads("B", 2)], ["election-safety"]],
    ["two leaders of two terms", [leads("A", 2), leads("B", 3)], []],
    [
      "an entry with another content",
      [appended("A", entry(1, 1)), appended("B", entry(1, 1, "other"))],
      ["log-matching"],
    ],
    [
      "the same entry behind another one",
      [appended("A", entry(1, 1), entry(2, 3)), appended("B", entry(1, 2), entry(2, 3))],
      ["log-matching"],
    ],
    [
      "different entries in different terms",
      [appended("A", entry(1, 1)), appended("B", entry(1, 2))],
      [],
    ],
    [
      "a committed entry thrown away",
      [
        appended("A", entry(1, 1)),
        committed("A", 1),
        { type: "consensus.truncated", node: "A", from: 1, to: 1 },
      ],
      ["committed-is-kept"],
    ],
    [
      "an entry that never was committed thrown away",
      [appended("A", entry(1, 1)), { type: "consensus.truncated", node: "A", from: 1, to: 1 }],
      [],
    ],
    [
      "a leader without a committed entry",
      [
        appended("A", entry(1, 1), entry(2, 1)),
        committed("A", 2),
        appended("B", entry(1, 1)),
        leads("B", 2),
      ],
      ["leader-completeness"],
    ],
    [
      "a leader with all that is committed",
      [appended("A", entry(1, 1)), committed("A", 1), appended("B", entry(1, 1)), leads("B", 2)],
      [],
    ],
    [
      "two entries committed at one place",
      [
        appended("A", entry(1, 1)),
        committed("A", 1),
        appended("B", entry(1, 2)),
        committed("B", 1, 2),
      ],
      ["commit-agrees"],
    ],
    ["a term that falls", [leads("A", 3), leads("A", 2, "follower")], ["term-monotonic"]],
    [
      "a term that falls over a restart",
      [leads("A", 3), restarted("A", "kept"), leads("A", 2, "follower")],
      ["term-monotonic"],
    ],
    [
      "a term that falls with the disk",
      [leads("A", 3), restarted("A", "wiped"), leads("A", 0, "follower")],
      [],
    ],
    [
      "a term that falls with a record that the disk lost without a word",
      [
        leads("A", 3),
        { type: "disk.damaged", node: "A", damage: "lose-last" },
        restarted("A", "kept"),
        leads("A", 0, "follower"),
      ],
      [],
    ],
  ])("%s", (_, events, violations) => {
    expect(broken("raft", events)).toEqual(violations);
  });
});

describe("any log", () => {
  test.each<[string, readonly MeshEventBody[], readonly string[]]>([
    [
      "different entries executed at one place",
      [...executed("A", 1, "x"), ...executed("B", 1, "y")],
      ["state-machine-safety"],
    ],
    [
      "the same entry with different results",
      [...executed("A", 1, "x", "s"), ...executed("B", 1, "x", "t")],
      ["equal-states"],
    ],
    ["a gap", [...executed("A", 1), ...executed("A", 3)], ["execution-order"]],
    ["an entry executed twice", [...executed("A", 1), applied("A", 1)], ["execution-order"]],
    [
      "a gap that a snapshot fills",
      [...executed("A", 1), snapshot("A", 5, "s", "installed"), ...executed("A", 6)],
      [],
    ],
    ["executed before it is agreed", [applied("A", 1)], ["applied-is-committed"]],
    ["a commit taken back", [committed("A", 5), committed("A", 4)], ["commit-monotonic"]],
    [
      "a commit that is smaller in the next life",
      [committed("A", 5), restarted("A", "kept"), committed("A", 4)],
      [],
    ],
    [
      "snapshots that differ",
      [snapshot("A", 4, "x", "taken"), snapshot("B", 4, "y", "taken")],
      ["equal-snapshots"],
    ],
    [
      "an answer for what is not agreed",
      [committed("A", 1), submitted("A", "r1"), answered("A", "r1", 2)],
      ["answered-is-agreed"],
    ],
    [
      "a write taken in by a read-only node",
      [mode("A", "read-only"), submitted("A", "r1"), committed("B", 1), answered("A", "r1", 1)],
      ["read-only-writes-nothing"],
    ],
    [
      "a write in flight when the node turns read-only",
      [submitted("A", "r1"), mode("A", "read-only"), committed("B", 1), answered("A", "r1", 1)],
      [],
    ],
    [
      "a read by a read-only node",
      [
        mode("A", "read-only"),
        submitted("A", "r1", "memory.read"),
        committed("B", 1),
        answered("A", "r1", 1),
      ],
      [],
    ],
  ])("%s", (_, events, violations) => {
    expect(broken("raft", events)).toEqual(violations);
    expect(broken("pbft", events)).toEqual(violations);
  });
});

describe("pBFT", () => {
  test("two digests prepared at one place of a view", () => {
    expect(broken("pbft", [prepared("A", 1, "x"), prepared("B", 1, "y")])).toEqual([
      "prepared-unique",
    ]);
    expect(broken("pbft", [prepared("A", 1, "x"), prepared("B", 2, "y")])).toEqual([]);
  });

  test("what a traitor says of itself proves nothing, also after it was made honest", () => {
    const events = [traitor("A"), prepared("A", 1, "x"), prepared("B", 1, "y")];
    expect(broken("pbft", events)).toEqual([]);
  });

  test("proof against an honest node is no proof", () => {
    expect(broken("pbft", [evidence("B", "A")])).toEqual(["evidence-is-true"]);
    expect(broken("pbft", [traitor("A"), evidence("B", "A")])).toEqual([]);
    const forgetful = { type: "disk.damaged", node: "A", damage: "lose-last" } as const;
    expect(broken("pbft", [forgetful, evidence("B", "A")])).toEqual([]);
    const wary = { ...forgetful, damage: "flip-bit" } as const;
    expect(broken("pbft", [wary, evidence("B", "A")])).toEqual(["evidence-is-true"]);
  });
});

describe("memory", () => {
  const different = [holds("A", "1"), holds("B", "1"), holds("C", "1"), holds("D", "2")];

  test("that is not the same at the end", () => {
    expect(broken("none", different, true)).toEqual(["memory-converges"]);
    expect(broken("none", different, false)).toEqual([]);
  });

  test("that one running node never got", () => {
    expect(broken("none", different.slice(0, 3), true)).toEqual(["memory-converges"]);
  });

  test("of a node that ever was a traitor does not count: nobody listens to what it reports", () => {
    expect(broken("none", [...different.slice(0, 3), traitor("D")], true)).toEqual([]);
    expect(broken("none", [...different.slice(1), traitor("A")], true)).toEqual([
      "memory-converges",
    ]);
  });

  test("of a stopped node does not count", () => {
    const stopped = { type: "node.stopped", node: "D", reason: "killed" } as const;
    expect(broken("none", [...different, stopped], true)).toEqual([]);
  });
});

test("every check is counted", () => {
  const emitted: MeshEventBody[] = [];
  const traffic = { sent: 0, duplicated: 0, delivered: 0, lost: 0, cut: 0 };
  const world = {
    now: 0,
    inFlight: 0,
    traffic: { ...traffic, deadReceiver: 0, bytes: 0, latencyUs: 0 },
  };
  const monitor = new InvariantMonitor(
    world,
    () => 0,
    (event) => emitted.push(event),
    "raft",
  );
  monitor.observe({ seq: 1, at: 0, ...leads("A", 1) });
  monitor.observe({ seq: 2, at: 0, ...leads("B", 1) });
  expect(monitor.counts).toContainEqual({
    invariant: "election-safety",
    checks: 2,
    violations: 1,
  });
});
