import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { emptyView } from "#shared/view/empty.ts";
import { foldAll } from "#shared/view/fold.ts";
import { comparable } from "../conformance/harness.ts";
import { EventHistory, type SegmentArchive } from "./event-history.ts";
import { SegmentStore } from "#main/storage/segment-store.ts";
import { MemoryArchive } from "./memory-archive.ts";
import { StoredArchive } from "./stored-archive.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-history-"));
const store = new SegmentStore(join(root, "history.db"));
let meshes = 0;
afterAll(() => {
  store.close();
  rmSync(root, { recursive: true });
});

const ARCHIVES: Record<string, () => SegmentArchive | undefined> = {
  none: () => undefined,
  memory: () => new MemoryArchive(),
  stored: () => {
    meshes += 1;
    return new StoredArchive(store, `m${meshes}`);
  },
};

const LIMITS = { segmentEvents: 4, segments: 3 };

/** Events 1…count; two at each moment: 10, 10, 20, 20 … */
function eventsTo(count: number): MeshEvent[] {
  return Array.from({ length: count }, (_unused, index) => {
    const stamp = { seq: index + 1, at: Math.ceil((index + 1) / 2) * 10 };
    return index % 3 === 0
      ? { ...stamp, type: "node.added", node: `n${index}` }
      : { ...stamp, type: "log", level: "info", topic: "t", text: `line ${index}` };
  });
}

function filled(count: number, archive?: SegmentArchive): EventHistory {
  const history = new EventHistory(LIMITS, archive);
  for (const event of eventsTo(count)) history.append(event);
  return history;
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof MeshError) return error.code;
    throw error;
  }
  return "no error";
}

describe("the history of a mesh", () => {
  it("refuses an event out of order", () => {
    const history = filled(3);
    expect(() => history.append({ ...eventsTo(5)[4] } as MeshEvent)).toThrow(/without gaps/);
    expect(() => history.append({ ...eventsTo(3)[2] } as MeshEvent)).toThrow(/without gaps/);
  });

  it("keeps the newest segments only: 3 of 4 events", () => {
    const history = filled(12);
    expect(history.slice(1, 99)).toHaveLength(12);
    history.append(eventsTo(13)[12] as MeshEvent);
    expect(codeOf(() => history.slice(4, 1))).toBe("history-gone");
    expect(history.slice(5, 99).map((event) => event.seq)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(codeOf(() => history.check(3))).toBe("history-gone");
    expect(codeOf(() => history.check(4))).toBe("no error");
    expect(codeOf(() => history.check(13))).toBe("no error");
    expect(codeOf(() => history.check(14))).toBe("history-gone");
    expect(history.from).toBe(30);
    expect(codeOf(() => history.viewAt(29))).toBe("history-gone");
    expect(history.viewAt(30).seq).toBe(6);
  });

  it.each(["memory", "stored"])("reaches further back with the archive: %s", (kind) => {
    const history = filled(400, ARCHIVES[kind]?.());
    expect(history.slice(1, 999).map((event) => event.seq)).toEqual(
      eventsTo(400).map((event) => event.seq),
    );
    expect(history.from).toBe(10);
    expect(history.viewAt(9).seq).toBe(0);
    expect(history.viewAt(1_500).seq).toBe(300);
    history.close();
  });

  it("forgets the oldest of the archive when there is too much", () => {
    const small = new SegmentStore(join(root, "small.db"), { maxCharsPerMesh: 20_000 });
    const history = filled(2_000, new StoredArchive(small, "m"));
    expect(codeOf(() => history.slice(1, 1))).toBe("history-gone");
    expect(codeOf(() => history.viewAt(10))).toBe("history-gone");
    expect(history.from).toBeGreaterThan(10);
    const at = history.from;
    const [first] = history.slice(history.viewAt(at).seq, 1);
    expect(first?.at).toBe(at);
    expect(history.viewAt(at + 30).nodes.size).toBeGreaterThan(100);
    small.close();
  });

  it("before the first event there is an empty view", () => {
    expect(filled(5).viewAt(9)).toEqual(emptyView());
    expect(new EventHistory(LIMITS).viewAt(0)).toEqual(emptyView());
  });

  it("looks the same at any moment as folding from the start", () => {
    const count = fc.integer({ min: 1, max: 100 });
    const kind = fc.constantFrom("none", "memory", "stored");
    fc.assert(
      fc.property(count, fc.integer({ min: 0, max: 520 }), kind, (total, at, archive) => {
        const history = filled(total, ARCHIVES[archive]?.());
        if (archive === "none" && at < history.from && total > 12) return;
        const expected = emptyView();
        foldAll(
          expected,
          eventsTo(total).filter((event) => event.at <= at),
        );
        expect(comparable(history.viewAt(at))).toEqual(comparable(expected));
      }),
    );
  });

  it("hands out copies of the past", () => {
    const history = filled(11);
    history.viewAt(30).nodes.clear();
    expect(history.viewAt(30).nodes.size).toBe(2);
  });

  it.each(["none", "memory", "stored"])("starts again from another view (archive: %s)", (kind) => {
    const history = filled(40, ARCHIVES[kind]?.());
    const view = emptyView();
    view.seq = 100;
    view.at = 7_000;
    history.restart(view);
    expect(codeOf(() => history.slice(5, 1))).toBe("history-gone");
    expect(history.from).toBe(7_000);
    history.append({ seq: 101, at: 7_001, type: "node.added", node: "x" });
    expect(history.viewAt(7_001).nodes.has("x")).toBe(true);
    expect(codeOf(() => history.viewAt(6_999))).toBe("history-gone");
  });
});
