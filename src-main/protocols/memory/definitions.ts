/**
 * Which namespaces there are. Definitions only come, and of several for one name the smallest stamp
 * holds: nodes that heard of the same ones agree, in whatever order they did.
 */
import { compareText, sortedKeys } from "#main/kernel/crdt/canonical.ts";
import { compareStamps } from "#main/kernel/crdt/stamp.ts";
import { MAX_NAMESPACES } from "./limits.ts";
import { type Definition } from "./types.ts";
import { MEMORY_MODES, type MemoryMode } from "./modes.ts";

export type Defined =
  /** `before`: the mode that had to give way. */
  | { readonly kind: "new" | "mode"; readonly before: MemoryMode | null }
  /** The same mode since an earlier time. */
  | { readonly kind: "older" }
  | { readonly kind: "known" }
  | { readonly kind: "full" };

export class Definitions {
  readonly #held = new Map<string, Definition>();

  get size(): number {
    return this.#held.size;
  }

  get(namespace: string): Definition | undefined {
    return this.#held.get(namespace);
  }

  /** In the order of their names. */
  all(): Definition[] {
    return sortedKeys(this.#held).flatMap((name) => this.#held.get(name) ?? []);
  }

  add(definition: Definition): Defined {
    const held = this.#held.get(definition.namespace);
    if (held === undefined) {
      if (this.#held.size >= MAX_NAMESPACES) {
        return { kind: "full" };
      }
      this.#held.set(definition.namespace, definition);
      return { kind: "new", before: null };
    }
    if (compareDefinitions(definition, held) >= 0) {
      return { kind: "known" };
    }
    this.#held.set(definition.namespace, definition);
    return held.mode === definition.mode ? { kind: "older" } : { kind: "mode", before: held.mode };
  }
}

/** One node gives a stamp to one definition only; if not, the modes decide, everywhere the same. */
export function compareDefinitions(a: Definition, b: Definition): number {
  return (
    compareText(a.namespace, b.namespace) ||
    compareStamps(a.stamp, b.stamp) ||
    MEMORY_MODES.indexOf(a.mode) - MEMORY_MODES.indexOf(b.mode)
  );
}
