/** What operations of each model did, and what they were told. */
import type { Value } from "../types.ts";

export type RegisterCall =
  | { readonly kind: "read"; readonly value: Value }
  | { readonly kind: "write"; readonly value: Value }
  /** A compare-and-set that found `from` and put `to`. */
  | { readonly kind: "swap"; readonly from: Value; readonly to: Value }
  /** One that found something else. */
  | { readonly kind: "refused"; readonly from: Value; readonly to: Value };

export type CounterCall =
  | { readonly kind: "read"; readonly value: number }
  /** `by` may be negative. */
  | { readonly kind: "add"; readonly by: number };

export type SetCall =
  | { readonly kind: "add"; readonly element: Value }
  | { readonly kind: "remove"; readonly element: Value }
  | { readonly kind: "contains"; readonly element: Value; readonly found: boolean }
  | SetRead;

interface SetRead {
  readonly kind: "read";
  /** What it saw of what is looked at. */
  readonly elements: ReadonlySet<Value>;
  /** The only elements looked at; all when absent. */
  readonly looked?: ReadonlySet<Value>;
}
