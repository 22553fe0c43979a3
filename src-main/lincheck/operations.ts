/** Small things that models and the search for windows do with operations. */
import type { ObjectHistory, Operation } from "./types.ts";

/** The same history when nothing goes. */
export function without<Call, State>(
  history: ObjectHistory<Call, State>,
  goes: (operation: Operation<Call>) => boolean,
): ObjectHistory<Call, State> {
  const operations = history.operations.filter((operation) => !goes(operation));
  return operations.length === history.operations.length ? history : { ...history, operations };
}
