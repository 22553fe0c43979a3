import { canonicalText } from "../values.ts";
import type { RawOperation, ValueReader } from "../types.ts";

export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The `ok` of an operation that answers nothing repeats the value, or has none. */
export function mustRepeat(
  { f, argument, result, place }: RawOperation,
  values: ValueReader,
): void {
  const { outcome, endLine } = place;
  if (outcome !== "ok" || endLine === undefined || isAbsent(result)) return;
  if (canonicalText(result) === canonicalText(argument)) return;
  values.bad(endLine, `the ok of ${f} says another value than its invocation`);
}
