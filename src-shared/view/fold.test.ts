import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { MeshEvent, MeshEventBody } from "../contract/events.ts";
import { parseMeshEvent } from "../contract/events.ts";
import { meshOf } from "../testing/meshes.ts";
import { randomEvents } from "../testing/random-events.ts";
import { cloneView } from "./clone.ts";
import { emptyView } from "./empty.ts";
import { fold, foldAll } from "./fold.ts";
import {
  MAX_ARRIVALS,
  MAX_LOG_LINES,
  MAX_METRIC_WINDOWS,
  MAX_RUMOURS,
  MAX_TIMELINE_ENTRIES,
  MAX_VIOLATIONS,
  type MeshView,
} from "./model.ts";
import { noteSkippedLogs } from "./reports.ts";

function verdict(node: string, member: string, state: "alive" | "suspect" | "dead", inc = 0) {
  return { type: "member.state", node, member, state, incarnation: inc, reason: "x" } as const;
}

/** Counts from scratch what the fold keeps as it goes. */
function recounted(view: MeshView) {
  const nodes = [...view.nodes.values()];
  const running = nodes.filter((node) => node.process === "running");
  const doubted = (id: string) => (view.beliefs.get(id)?.size ?? 0) > 0;
  return {
    running: running.length,
    readOnly: running.filter((node) => node.mode === "read-only").length,
    doubted: running.filter((node) => doubted(node.id)).length,
    arrivals: [...view.rumours.values()].reduce((sum, { reached }) => sum + reached.size, 0),
  };
}

describe("fold, whatever the order of events", () => {
  const seeds = fc.integer({ min: 0, max: 1e9 });

  it("makes only valid events in the tests themselves", () => {
    for (const event of randomEvents(7, 2_000)) expect(parseMeshEvent(event)).toEqual(event);
  });

  it("keeps every counter equal to a count from scratch", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const view = emptyView();
        for (const event of randomEvents(seed, 300)) {
          fold(view, event);
          expect(view.counts).toEqual(recounted(view));
        }
        for (const node of view.nodes.values()) {
          const states = [...(view.beliefs.get(node.id)?.values() ?? [])].map((b) => b.state);
          const count = (state: string) => states.filter((other) => other === state).length;
          expect(node.suspectedBy).toBe(count("suspect"));
          expect(node.unreachableBy).toBe(count("unreachable"));
          expect(node.deadBy).toBe(count("dead"));
          expect(node.leftBy).toBe(count("left"));
          const cutOff = [...(view.beliefs.get(node.id) ?? [])].filter(
            ([observer, { state }]) =>
              view.nodes.get(observer)?.mode === "read-only" && !["dead", "left"].includes(state),
          );
          expect(node.cutOffDoubts).toBe(cutOff.length);
          const held = [...view.links.values()].filter(
            (link) => (link.a === node.id && link.aUp) || (link.b === node.id && link.bUp),
          );
          expect(node.degree).toBe(held.length);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("holds links, beliefs and arrivals only between nodes that are listed", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const view = emptyView();
        foldAll(view, randomEvents(seed, 400));
        for (const link of view.links.values()) {
          expect(link.aUp || link.bUp).toBe(true);
          expect(view.nodes.has(link.a) && view.nodes.has(link.b)).toBe(true);
        }
        for (const [member, observers] of view.beliefs) {
          expect(view.nodes.has(member)).toBe(true);
          expect(observers.size).toBeGreaterThan(0);
          for (const observer of observers.keys()) expect(view.nodes.has(observer)).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("never changes an entity that was handed out", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const view = emptyView();
        const seen = new Map<object, string>();
        for (const event of randomEvents(seed, 200)) {
          fold(view, event);
          const { members, configs } = view.agreement;
          const told = [...members.values(), ...configs.values(), ...view.requests.values()];
          for (const entity of [...view.nodes.values(), ...view.links.values(), ...told]) {
            const text = JSON.stringify(entity);
            expect(seen.get(entity) ?? text).toBe(text);
            seen.set(entity, text);
          }
        }
      }),
      { numRuns: 15 },
    );
  });

  it("leaves a clone alone, and folds on from it to the same view", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 300 }), (seed, cut) => {
        const events = randomEvents(seed, 300);
        const view = emptyView();
        foldAll(view, events.slice(0, cut));
        const clone = cloneView(view);
        const before = cloneView(view);
        foldAll(view, events.slice(cut));
        expect(clone).toEqual(before);
        foldAll(clone, events.slice(cut));
        expect(clone).toEqual(view);
      }),
      { numRuns: 40 },
    );
  });
});

describe("beliefs", () => {
  it("counts each observer once, whatever it says in a row", () => {
    const { view, tell } = meshOf(["A", "B", "C"]);
    tell(verdict("A", "C", "suspect"));
    tell(verdict("A", "C", "suspect"));
    tell(verdict("B", "C", "suspect"));
    expect(view.nodes.get("C")).toMatchObject({ suspectedBy: 2, deadBy: 0 });
    tell(verdict("A", "C", "dead"));
    expect(view.nodes.get("C")).toMatchObject({ suspectedBy: 1, deadBy: 1 });
    tell(verdict("A", "C", "alive"));
    tell(verdict("B", "C", "alive"));
    expect(view.nodes.get("C")).toMatchObject({ suspectedBy: 0, deadBy: 0 });
    expect(view.beliefs.has("C")).toBe(false);
  });

  it("forgets the verdicts of an observer whose process ended", () => {
    const { view, tell } = meshOf(["A", "B"]);
    tell(verdict("A", "B", "suspect"));
    tell({ type: "node.stopped", node: "A", reason: "killed" });
    expect(view.nodes.get("B")?.suspectedBy).toBe(0);
    expect(view.beliefs.size).toBe(0);
  });

  it("keeps the verdicts on a node that restarts until the observers say otherwise", () => {
    const { view, tell } = meshOf(["A", "B"]);
    tell(verdict("A", "B", "dead"));
    tell({ type: "node.started", node: "B", incarnation: 1, disk: "kept" });
    expect(view.nodes.get("B")).toMatchObject({ deadBy: 1, incarnation: 1 });
  });

  it("takes a certificate for the present incarnation and drops it with a higher one", () => {
    const { view, tell } = meshOf(["A", "B"]);
    const certificate = (incarnation: number): MeshEventBody => ({
      type: "member.confirmed",
      node: "A",
      member: "B",
      incarnation,
      observers: ["A", "C"],
      needed: 2,
      of: 3,
    });
    tell({ type: "node.started", node: "B", incarnation: 3, disk: "kept" });
    tell(certificate(2));
    expect(view.nodes.get("B")?.confirmed).toBeUndefined();
    tell(certificate(3));
    expect(view.nodes.get("B")?.confirmed).toEqual({ observers: ["A", "C"], needed: 2, of: 3 });
    tell(verdict("A", "B", "alive", 3));
    expect(view.nodes.get("B")?.confirmed).toBeDefined();
    tell({ type: "member.refuted", node: "B", incarnation: 4 });
    expect(view.nodes.get("B")).toMatchObject({ confirmed: undefined, refutations: 1 });
  });
});

describe("links", () => {
  it("is half up until the second end agrees, and gone when both let go", () => {
    const { view, tell } = meshOf(["A", "B"]);
    tell({ type: "link.up", node: "B", peer: "A", reason: "join" });
    expect(view.links.get("A~B")).toMatchObject({ a: "A", b: "B", aUp: false, bUp: true });
    tell({ type: "link.up", node: "A", peer: "B", reason: "join" });
    tell({ type: "link.latency", node: "A", peer: "B", rttMs: 12 });
    expect(view.links.get("A~B")).toMatchObject({ aUp: true, bUp: true, rttMs: 12 });
    expect(view.nodes.get("A")?.degree).toBe(1);
    tell({ type: "link.down", node: "A", peer: "B", reason: "dead" });
    expect(view.links.get("A~B")).toMatchObject({ aUp: false, bUp: true, reason: "dead" });
    tell({ type: "link.down", node: "B", peer: "A", reason: "dead" });
    expect(view.links.size).toBe(0);
    expect(view.nodes.get("B")?.degree).toBe(0);
  });

  it("keeps the links that a node takes up while it starts", () => {
    const { view, tell } = meshOf(["A"]);
    tell({ type: "node.added", node: "B" });
    tell({ type: "link.up", node: "B", peer: "A", reason: "bootstrap" });
    tell({ type: "node.started", node: "B", incarnation: 0, disk: "new" });
    expect(view.links.get("A~B")).toMatchObject({ aUp: false, bUp: true });
    tell({ type: "node.stopped", node: "B", reason: "killed" });
    tell({ type: "link.up", node: "B", peer: "A", reason: "restart" });
    tell({ type: "node.started", node: "B", incarnation: 1, disk: "kept" });
    expect(view.nodes.get("B")?.degree).toBe(1);
  });

  it("lets go of what a process held whose end was never told", () => {
    const { view, tell } = meshOf(["A", "B"]);
    tell({ type: "link.up", node: "B", peer: "A", reason: "join" });
    tell(verdict("B", "A", "suspect"));
    tell({ type: "node.started", node: "B", incarnation: 1, disk: "kept" });
    expect(view.links.size).toBe(0);
    expect(view.nodes.get("A")?.suspectedBy).toBe(0);
  });

  it("lets go of the ends of a process that was killed, not of those of its peers", () => {
    const { view, tell } = meshOf(["A", "B"]);
    tell({ type: "link.up", node: "A", peer: "B", reason: "join" });
    tell({ type: "link.up", node: "B", peer: "A", reason: "join" });
    tell({ type: "node.stopped", node: "A", reason: "killed" });
    expect(view.links.get("A~B")).toMatchObject({ aUp: false, bUp: true });
  });
});

describe("rumours", () => {
  function withRumour() {
    const mesh = meshOf(["A", "B", "C"]);
    const rumour = { rumour: "r", topic: "t", payload: "p", bytes: 1, urgent: true };
    mesh.tell({ type: "rumour.published", node: "A", ...rumour }, 50_000);
    const receive = (node: string, at: number) =>
      mesh.tell(
        { type: "rumour.received", node, rumour: "r", from: "A", via: "push", hops: 1 },
        at,
      );
    return { ...mesh, receive };
  }

  it("converges with the last running node, and not before", () => {
    const { view, receive } = withRumour();
    receive("B", 60_000);
    expect(view.rumours.get("r")?.convergedAt).toBeUndefined();
    receive("C", 70_000);
    expect(view.rumours.get("r")?.convergedAt).toBe(70_000);
  });

  it("counts the first arrival at a node only", () => {
    const { view, receive } = withRumour();
    receive("B", 60_000);
    receive("B", 65_000);
    expect(view.rumours.get("r")?.reached.get("B")?.at).toBe(60_000);
    expect(view.counts.arrivals).toBe(2);
  });

  it("converges when the only node without it stops", () => {
    const { view, tell, receive } = withRumour();
    receive("B", 60_000);
    tell({ type: "node.stopped", node: "C", reason: "killed" }, 80_000);
    expect(view.rumours.get("r")?.convergedAt).toBe(80_000);
  });

  it("does not converge on as many nodes as run when one of those has it not", () => {
    const { view, tell, receive } = withRumour();
    receive("B", 60_000);
    tell({ type: "node.stopped", node: "B", reason: "killed" }, 80_000);
    expect(view.rumours.get("r")?.convergedAt).toBeUndefined();
  });

  it("sums what the nodes say they sent of it", () => {
    const { view, tell } = withRumour();
    tell({ type: "rumour.traffic", node: "A", rumour: "r", messages: 3, bytes: 100 });
    tell({ type: "rumour.traffic", node: "B", rumour: "r", messages: 2, bytes: 50 });
    expect(view.rumours.get("r")).toMatchObject({ messages: 5, trafficBytes: 150 });
  });

  it("forgets the oldest rumours first", () => {
    const { view, tell } = meshOf(["A"]);
    const rest = { topic: "t", payload: "p", bytes: 1, urgent: false };
    for (let i = 0; i <= MAX_RUMOURS; i += 1) {
      tell({ type: "rumour.published", node: "A", rumour: `r${i}`, ...rest });
    }
    expect(view.rumours.size).toBe(MAX_RUMOURS);
    expect(view.rumours.has("r0")).toBe(false);
    expect(view.counts.arrivals).toBeLessThanOrEqual(MAX_ARRIVALS);
  });
});

describe("recovery", () => {
  const applied = (fault: string): MeshEventBody => {
    return { type: "fault.applied", fault, spec: { kind: "slow", node: "A", delayMs: 5 } };
  };
  const cleared = (fault: string): MeshEventBody => {
    return { type: "fault.cleared", fault, reason: "operator" };
  };

  it("runs from the end of the last fault to the end of the last doubt", () => {
    const { view, tell } = meshOf(["A", "B"]);
    tell(applied("f1"), 10_000);
    tell(applied("f2"), 20_000);
    tell(verdict("A", "B", "suspect"), 25_000);
    tell(cleared("f1"), 30_000);
    expect(view.recovery.healedAt).toBeUndefined();
    tell(cleared("f2"), 40_000);
    expect(view.recovery).toMatchObject({ brokenAt: 10_000, healedAt: 40_000 });
    expect(view.recovery.recoveredAt).toBeUndefined();
    tell(verdict("A", "B", "alive"), 55_000);
    expect(view.recovery.recoveredAt).toBe(55_000);
    expect(view.recovery.history).toEqual([{ healedAt: 40_000, tookUs: 15_000 }]);
  });

  it("waits for read-only nodes and for equal digests", () => {
    const { view, tell } = meshOf(["A", "B"]);
    const mode = { reachable: 1, needed: 2, of: 2, reason: "r" };
    tell(applied("f"), 10_000);
    tell({ type: "partition.mode", node: "B", mode: "read-only", ...mode }, 11_000);
    tell({ type: "state.digest", node: "A", members: "x", rumours: "y" }, 12_000);
    tell({ type: "state.digest", node: "B", members: "x", rumours: "z" }, 12_000);
    tell(cleared("f"), 20_000);
    tell({ type: "partition.mode", node: "B", mode: "read-write", ...mode }, 21_000);
    expect(view.recovery.recoveredAt).toBeUndefined();
    tell({ type: "state.digest", node: "B", members: "x", rumours: "y" }, 22_000);
    expect(view.recovery.recoveredAt).toBe(22_000);
  });

  it("counts a fault during recovery to the same break", () => {
    const { view, tell } = meshOf(["A", "B"]);
    tell(applied("f"), 10_000);
    tell(verdict("A", "B", "suspect"), 11_000);
    tell(cleared("f"), 12_000);
    tell(applied("g"), 13_000);
    expect(view.recovery).toMatchObject({ brokenAt: 10_000, healedAt: undefined });
  });
});

describe("bounds", () => {
  it("keeps the newest log lines and counts what fell out", () => {
    const { view, tell } = meshOf(["A"]);
    const total = MAX_LOG_LINES * 2 + 7;
    for (let i = 1; i <= total; i += 1) {
      tell({ type: "log", node: "A", level: "info", topic: "t", text: `${i}` });
      expect(view.logs.lines.length).toBeLessThanOrEqual(MAX_LOG_LINES);
    }
    expect(view.logs.lines.length + view.logs.dropped).toBe(total);
    expect(view.logs.lines.at(-1)?.text).toBe(`${total}`);
    expect(view.timeline.entries).toHaveLength(2);
  });

  it("counts lines that a connection skipped and moves on in the sequence", () => {
    const view = emptyView();
    noteSkippedLogs(view, 412, 900);
    expect(view).toMatchObject({ seq: 900, logs: { dropped: 412 } });
  });

  it("bounds timeline, metrics and violations", () => {
    const { view, tell } = meshOf(["A"]);
    const window = { sent: 1, delivered: 1, dropped: 0, bytes: 1 };
    for (let i = 0; i < MAX_TIMELINE_ENTRIES + 10; i += 1) {
      tell({ type: "metrics.sampled", windowUs: 1_000_000, ...window });
      tell({ type: "invariant.violated", invariant: `i${i}`, message: "", nodes: [] });
    }
    expect(view.timeline.entries.length).toBeLessThanOrEqual(MAX_TIMELINE_ENTRIES);
    expect(view.timeline.entries.length + view.timeline.dropped).toBe(MAX_TIMELINE_ENTRIES + 12);
    expect(view.metrics.windows.length).toBeLessThanOrEqual(MAX_METRIC_WINDOWS);
    expect(view.violations).toHaveLength(MAX_VIOLATIONS);
    expect(view.violations[0]?.invariant).toBe("i0");
  });

  it("gives rates per second, whatever the window", () => {
    const { view, tell } = meshOf(["A"]);
    const window = { windowUs: 500_000, sent: 1, delivered: 1, dropped: 0, bytes: 1 };
    tell({ type: "metrics.sampled", ...window, perNode: [{ node: "A", received: 10, sent: 4 }] });
    expect(view.nodes.get("A")).toMatchObject({ receivedPerSecond: 20, sentPerSecond: 8 });
  });

  it("counts a crash that a thousand nodes see", () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `n${index}`);
    const { view, tell } = meshOf(ids);
    for (const state of ["suspect", "dead"] as const) {
      for (const node of ids.slice(1)) tell(verdict(node, "n0", state));
    }
    expect(view.nodes.get("n0")).toMatchObject({ suspectedBy: 0, deadBy: 999 });
  });
});

it("types every event of the contract", () => {
  const event: MeshEvent = { seq: 1, at: 0, type: "mesh.topology", kind: "ring" };
  const view = emptyView();
  fold(view, event);
  expect(view.mesh.topology).toBe("ring");
});
