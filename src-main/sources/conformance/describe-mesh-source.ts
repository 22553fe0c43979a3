/**
 * The suite every `MeshSource` passes, whatever stands behind it. Import it from a test file only.
 * A harness opens a mesh that lives, and knows how to make something happen in it.
 */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type MeshCommand, meshCommandSchema } from "#shared/contract/commands.ts";
import {
  meshDescriptionSchema,
  type MeshStatus,
  meshStatusSchema,
} from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { type MeshEvent, parseMeshEvent } from "#shared/contract/events.ts";
import { foldAll } from "#shared/view/fold.ts";
import type { MeshView } from "#shared/view/model.ts";
import type { MeshSink, MeshSource } from "../mesh-source.ts";

export interface SourceHarness {
  readonly source: MeshSource;
  /** Makes the mesh change; resolves when at least one more event was emitted by the source. */
  change(): Promise<void>;
  /** Offered, and carried out by the mesh as it is. Absent: the mesh offers nothing. */
  readonly accepted?: MeshCommand;
  /** Offered, but about a node that is not there. */
  readonly unknownNode?: MeshCommand;
  /** Not offered. */
  readonly unsupported: MeshCommand;
  /** Ends what the harness started besides the source. */
  close(): Promise<void>;
}

export interface RecordingSink extends MeshSink {
  readonly seen: MeshEvent[];
  readonly statuses: MeshStatus[];
  resets: number;
}

export function recordingSink(): RecordingSink {
  const sink: RecordingSink = {
    seen: [],
    statuses: [],
    resets: 0,
    events: (events) => {
      sink.seen.push(...events);
    },
    status: (status) => {
      sink.statuses.push(status);
    },
    reset: () => {
      sink.resets += 1;
    },
  };
  return sink;
}

/** For `toBe`-like comparison of views: maps and all, in a stable order of entries. */
export function comparable(view: MeshView): unknown {
  return JSON.parse(
    JSON.stringify(view, (_key, value: unknown) =>
      value instanceof Map
        ? [...value].sort(([a], [b]) => (String(a) < String(b) ? -1 : 1))
        : value,
    ),
  );
}

async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof MeshError ? error.code : `not a MeshError: ${String(error)}`;
  }
  return "no error";
}

const CONTEXT = { actor: "conformance" };

export function describeMeshSource(name: string, open: () => Promise<SourceHarness>): void {
  describe(`source: ${name}`, () => {
    let harness: SourceHarness;
    let source: MeshSource;
    beforeEach(async () => {
      harness = await open();
      ({ source } = harness);
    });
    afterEach(async () => {
      await source.close();
      await harness.close();
    });

    const waitForSeq = (sink: RecordingSink, seq: number): Promise<void> =>
      vi.waitFor(() => expect(sink.seen.at(-1)?.seq).toBeGreaterThanOrEqual(seq), 5_000);

    it("describes itself and its status by the contract", () => {
      meshDescriptionSchema.parse(source.describe());
      const status = meshStatusSchema.parse(source.status());
      expect(status.seq).toBe(source.snapshot().seq);
      expect(status.at).toBeGreaterThanOrEqual(source.snapshot().at);
      expect(status.historyFrom).toBeLessThanOrEqual(status.at);
    });

    it("says why for each command it refuses", () => {
      const { capabilities } = source.describe();
      for (const reason of Object.values(capabilities)) {
        if (reason !== null) expect(reason).toMatch(/^.{12,}\.$/);
      }
    });

    it("hands out snapshots that are the caller's own", () => {
      const mine = source.snapshot();
      mine.nodes.clear();
      mine.logs.lines.length = 0;
      expect(source.snapshot().nodes.size).toBeGreaterThan(0);
    });

    it("never calls a sink before subscribe returns", async () => {
      const sink = recordingSink();
      const stop = source.subscribe(sink, 0);
      expect(sink.seen).toEqual([]);
      await waitForSeq(sink, source.status().seq);
      stop();
    });

    it("emits valid events, numbered without gaps, in time order", async () => {
      const sink = recordingSink();
      source.subscribe(sink, 0);
      await harness.change();
      await waitForSeq(sink, source.status().seq);
      expect(sink.seen.map((event) => event.seq)).toEqual(
        sink.seen.map((_event, index) => index + 1),
      );
      let at = 0;
      for (const event of sink.seen) {
        expect(parseMeshEvent(event)).toEqual(event);
        expect(event.at).toBeGreaterThanOrEqual(at);
        ({ at } = event);
      }
    });

    it("a snapshot and the events after it make the later snapshot", async () => {
      const view = source.snapshot();
      const sink = recordingSink();
      const stop = source.subscribe(sink);
      await harness.change();
      await waitForSeq(sink, view.seq + 1);
      stop();
      foldAll(view, sink.seen);
      const later = await source.snapshotAt(view.at);
      const tail = await source.events(view.seq + 1, 10_000);
      foldAll(
        view,
        tail.filter((event) => event.at <= later.at),
      );
      expect(comparable(view)).toEqual(comparable(later));
    });

    it("goes on after the last event a sink has seen", async () => {
      const { seq } = source.status();
      await harness.change();
      const sink = recordingSink();
      source.subscribe(sink, seq);
      await waitForSeq(sink, seq + 1);
      expect(sink.seen[0]?.seq).toBe(seq + 1);
    });

    it("does not go on after an event that has not happened", async () => {
      const future = source.status().seq + 1_000_000;
      expect(await codeOf(() => source.subscribe(recordingSink(), future))).toBe("history-gone");
    });

    it("gives each sink everything, and nothing after it let go", async () => {
      const [one, two] = [recordingSink(), recordingSink()];
      const stop = source.subscribe(one, 0);
      source.subscribe(two, 0);
      await waitForSeq(one, source.status().seq);
      stop();
      stop();
      const had = one.seen.length;
      await harness.change();
      await waitForSeq(two, had + 1);
      expect(one.seen).toHaveLength(had);
      expect(two.seen.slice(0, had)).toEqual(one.seen);
    });

    it("lives on when a sink throws", async () => {
      const broken = recordingSink();
      broken.events = () => {
        throw new Error("a broken sink");
      };
      const sink = recordingSink();
      source.subscribe(broken, 0);
      source.subscribe(sink, 0);
      const { seq } = source.status();
      await harness.change();
      await waitForSeq(sink, seq + 1);
      expect(sink.seen[0]?.seq).toBe(1);
    });

    it("reads events by number and limit", async () => {
      const { seq } = source.status();
      const all = await source.events(1, 10_000);
      expect(all[0]?.seq).toBe(1);
      expect(all.length).toBeGreaterThanOrEqual(seq);
      expect(await source.events(2, 2)).toEqual(all.slice(1, 3));
      expect(await source.events(seq + 1_000_000, 5)).toEqual([]);
    });

    it("looks back to any moment of its history", async () => {
      await harness.change();
      const all = await source.events(1, 10_000);
      const middle = all[Math.floor(all.length / 2)];
      if (middle === undefined) throw new Error("the mesh has no events");
      const past = await source.snapshotAt(middle.at);
      const until = all.filter((event) => event.at <= middle.at);
      expect(past.seq).toBe(until.at(-1)?.seq);
      const now = await source.snapshotAt(Number.MAX_SAFE_INTEGER);
      expect(now.seq).toBeGreaterThanOrEqual(all.length);
    });

    it("refuses a command it does not offer, with the reason, and changes nothing", async () => {
      const before = source.describe().capabilities[harness.unsupported.type];
      expect(before === undefined || typeof before === "string").toBe(true);
      expect(await codeOf(() => source.execute(harness.unsupported, CONTEXT))).toBe(
        "not-supported",
      );
    });

    it("carries out a command it offers", async () => {
      if (harness.accepted === undefined) return;
      const command = meshCommandSchema.parse(harness.accepted);
      expect(source.describe().capabilities[command.type]).toBeNull();
      expect(await codeOf(() => source.execute(command, CONTEXT))).toBe("no error");
    });

    it("refuses a command about a node that is not there", async () => {
      const command = harness.unknownNode;
      if (command === undefined) return;
      expect(await codeOf(() => source.execute(command, CONTEXT))).toBe("unknown-node");
    });

    it("records the run as text, or says why not", async () => {
      const code = await codeOf(async () =>
        expect((await source.record()).length).toBeGreaterThan(0),
      );
      expect(["no error", "not-supported"]).toContain(code);
    });

    it("closes once and for all, twice without a word", async () => {
      const sink = recordingSink();
      source.subscribe(sink, 0);
      await waitForSeq(sink, source.status().seq);
      const had = sink.seen.length;
      await source.close();
      await source.close();
      expect(source.status().connection.state).toBe("stopped");
      expect(await codeOf(() => source.execute(harness.unsupported, CONTEXT))).not.toBe("no error");
      expect(await codeOf(() => source.subscribe(recordingSink()))).toBe("closed");
      expect(sink.seen).toHaveLength(had);
    });
  });
}
