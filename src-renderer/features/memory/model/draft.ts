/** What a person filled in, and the command that it comes to. */
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { MemoryMode } from "#shared/contract/state-events.ts";

export const ACTIONS = ["write", "read", "delete"] as const;
export type MemoryAction = (typeof ACTIONS)[number];

export interface MemoryDraft {
  readonly action: MemoryAction;
  readonly key: string;
  /** Text, an integer to add, or an element: as the mode has it. */
  readonly value: string;
  /** Of a set: takes the element out. */
  readonly removes: boolean;
  /** Empty: for ever. */
  readonly ttlSeconds: string;
  /** Strong only: write where the present value is `expect`. */
  readonly compares: boolean;
  readonly expect: string;
  readonly linearizable: boolean;
  /** Empty: the leader, or any that runs. */
  readonly node: string;
}

export const EMPTY_DRAFT: MemoryDraft = {
  action: "write",
  key: "",
  value: "",
  removes: false,
  ttlSeconds: "",
  compares: false,
  expect: "",
  linearizable: true,
  node: "",
};

/** Limits of the contract. */
export const MAX_KEY = 256;
export const MAX_VALUE = 16_384;
const MAX_TTL_SECONDS = 86_400;
const MS = 1_000;

export type DraftProblem = "key" | "integer" | "element" | "dash" | "ttl";

export type DraftResult =
  | { readonly ok: true; readonly command: MeshCommandInput }
  | { readonly ok: false; readonly problem: DraftProblem };

const problem = (code: DraftProblem): DraftResult => ({ ok: false, problem: code });

export function draftCommand(
  namespace: string,
  mode: MemoryMode | undefined,
  draft: MemoryDraft,
): DraftResult {
  const { action, key } = draft;
  if (key === "") return problem("key");
  const through = draft.node === "" ? {} : { node: draft.node };
  switch (action) {
    case "read": {
      const consistency = draft.linearizable ? "linearizable" : "local";
      return {
        ok: true,
        command: { type: "memory.read", namespace, key, consistency, ...through },
      };
    }
    case "delete":
      return { ok: true, command: { type: "memory.delete", namespace, key, ...through } };
    case "write":
      return writeCommand(namespace, mode, draft);
    default:
      return action satisfies never;
  }
}

function writeCommand(
  namespace: string,
  mode: MemoryMode | undefined,
  draft: MemoryDraft,
): DraftResult {
  const { key, node } = draft;
  const ttl = ttlOf(draft.ttlSeconds);
  if (ttl === null) return problem("ttl");
  const given = valueOf(mode, draft);
  if (!given.ok) return problem(given.problem);
  return {
    ok: true,
    command: {
      type: "memory.write",
      namespace,
      key,
      value: given.value,
      ...(ttl === undefined ? {} : { ttlMs: ttl }),
      ...(mode === "strong" && draft.compares ? { expect: draft.expect } : {}),
      ...(node === "" ? {} : { node }),
    },
  };
}

/** In milliseconds; `null` where it is no length of time. */
function ttlOf(text: string): number | undefined | null {
  if (text.trim() === "") return undefined;
  const seconds = Number(text);
  return seconds > 0 && seconds <= MAX_TTL_SECONDS ? seconds * MS : null;
}

type Value =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly problem: DraftProblem };

function valueOf(mode: MemoryMode | undefined, { value, removes }: MemoryDraft): Value {
  if (mode === "counter") {
    const text = value.trim().replace(/^\+/, "");
    const by = Number(text);
    const adds = text !== "" && Number.isSafeInteger(by) && by !== 0;
    return adds ? { ok: true, value: String(by) } : { ok: false, problem: "integer" };
  }
  if (mode !== "set") return { ok: true, value };
  if (value === "") return { ok: false, problem: "element" };
  // "-" in front means taking out: such an element could never be put in.
  if (!removes && value.startsWith("-")) return { ok: false, problem: "dash" };
  return { ok: true, value: removes ? `-${value}` : value };
}

export const TTL_RANGE = { max: MAX_TTL_SECONDS } as const;
