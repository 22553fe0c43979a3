/** What clients ask of a node: checked, turned into a delta or a certificate, and answered. */
import { fitsText } from "#main/kernel/crdt/canonical.ts";
import { type Stamp, stampWrite } from "#main/kernel/crdt/stamp.ts";
import type { Micros } from "#main/kernel/time.ts";
import { newestOf, writeCell } from "./cells/cell.ts";
import { laterStamp } from "./contributor.ts";
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from "./limits.ts";
import type { Namespace, Taken } from "./namespace.ts";
import type { MemorySetup } from "./setup.ts";
import type { Store } from "./store.ts";
import type { Content, MemoryAnswer, MemoryOrder, Update } from "./types.ts";

type WriteOrder = Extract<MemoryOrder, { kind: "write" }>;
type DeleteOrder = Extract<MemoryOrder, { kind: "delete" }>;

export interface Outcome {
  readonly answer: MemoryAnswer;
  /** What was changed, for others; null: nothing. */
  readonly update: Update | null;
}

/** `wall`: the wall clock; a key that expired by it is gone already. */
export interface Asked {
  readonly setup: MemorySetup;
  readonly store: Store;
  readonly wall: Micros;
}

export function write({ setup, store, wall }: Asked, order: WriteOrder): Outcome {
  const { namespace, key, value, ttl } = order;
  const space = store.space(namespace);
  if (space === undefined) {
    return undefinedNamespace(namespace);
  }
  if (!fitsText(key, MAX_KEY_BYTES) || key === "") {
    return refuse("too-large", `a key is text of 1 to ${MAX_KEY_BYTES} bytes`);
  }
  if (!fitsText(value, MAX_VALUE_BYTES)) {
    return refuse("too-large", `a value is text of up to ${MAX_VALUE_BYTES} bytes`);
  }
  const { self, life } = setup;
  const stamp = stampWrite({ node: self, now: wall, seen: seenStamp(space, key) });
  const written = writeCell(space.mode, space.cell(key), {
    self,
    life,
    value,
    stamp,
    floor: space.buried(key),
    expiresAt: ttl === null ? null : wall + ttl,
  });
  if ("refusal" in written) {
    return refuse(written.refusal.code, written.refusal.message);
  }
  if (written.delta === null) {
    return { answer: { code: "ok", ...valuesAt(store, namespace, key) }, update: null };
  }
  const content: Content = { kind: "value", cell: written.delta };
  const update = { namespace, mode: space.mode, key, content };
  return carryOut({ setup, store, wall }, update, "write");
}

export function remove({ setup, store, wall }: Asked, order: DeleteOrder): Outcome {
  const { namespace, key } = order;
  const space = store.space(namespace);
  if (space === undefined) {
    return undefinedNamespace(namespace);
  }
  if (space.cell(key) === null) {
    return refuse("not-found", `there is nothing under ${key} here`);
  }
  const stamp = stampWrite({ node: setup.self, now: wall, seen: seenStamp(space, key) });
  const certificate = store.certificate(key, stamp, wall);
  const content: Content = { kind: "certificate", certificate };
  return carryOut({ setup, store, wall }, { namespace, mode: space.mode, key, content }, "delete");
}

function carryOut({ store, wall }: Asked, update: Update, cause: "write" | "delete"): Outcome {
  const { namespace, key } = update;
  const taken = store.take(update, cause, wall);
  if (taken.kind === "changed") {
    return { answer: { code: "ok", ...valuesAt(store, namespace, key) }, update };
  }
  return refuse(...whyNot(taken, key));
}

function whyNot(taken: Taken, key: string): [code: "busy" | "too-large", message: string] {
  const reason = taken.kind === "refused" ? taken.reason : taken.kind;
  switch (reason) {
    case "early":
      return ["busy", `${key} was written by a clock far ahead; wait until this one is there too`];
    case "full":
      return ["busy", "this node holds as much as it may: delete something first"];
    case "limit":
      return ["too-large", `${key} would grow over its limit: delete it and begin anew`];
    default:
      return ["busy", `${key} could not be changed: ${reason}`];
  }
}

function valuesAt(store: Store, namespace: string, key: string): { values?: readonly string[] } {
  const held = store.held(namespace, key);
  return held === null ? {} : { values: held.values };
}

/** What a write has to come after, whatever the clock says. */
function seenStamp(space: Namespace, key: string): Stamp | undefined {
  const cell = space.cell(key);
  const newest = cell === null ? null : newestOf(space.mode, cell);
  return laterStamp(newest, space.buried(key)) ?? undefined;
}

function undefinedNamespace(namespace: string): Outcome {
  return refuse("not-found", `nobody defined the namespace ${namespace}: define it first`);
}

function refuse(code: MemoryAnswer["code"], message: string): Outcome {
  return { answer: { code, message }, update: null };
}
