/** What a `MeshSource` brings to the suite, and what the suite's parts share. */
import { expect, vi } from "vitest";
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { MeshStatus } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { MeshView } from "#shared/view/model.ts";
import type { MeshSink, MeshSource } from "../mesh-source.ts";

export interface SourceHarness {
  readonly source: MeshSource;
  /** The last event before the source's own past begins; 0 where it has seen them all. */
  readonly begin: number;
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

/** The code of the `MeshError` it ends with; "no error" when it does not. */
export async function codeOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return error instanceof MeshError ? error.code : `not a MeshError: ${String(error)}`;
  }
  return "no error";
}

export const CONTEXT = { actor: "conformance" };

/** The harness of the running test. */
export type Current = () => SourceHarness;

export function waitForSeq(sink: RecordingSink, seq: number): Promise<void> {
  return vi.waitFor(() => expect(sink.seen.at(-1)?.seq).toBeGreaterThanOrEqual(seq), 5_000);
}
