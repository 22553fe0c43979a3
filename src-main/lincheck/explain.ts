/** Says of a window why it cannot be ordered: how far an order goes, and what does not fit. */
import type { Decider } from "./decide.ts";
import type { ObjectHistory, Operation, Place } from "./types.ts";

export interface WindowOperation {
  /** Like "read → 1". */
  readonly what: string;
  readonly place: Place;
  /**
   * - "placed": it took effect between its invocation and its return.
   * - "open": it had not returned where the window ends, or began before the window: it may take
   *   effect inside the window or not.
   * - "misfit": there is no place for it.
   */
  readonly role: "placed" | "open" | "misfit";
}

/** Operations that no order explains, and would not if all others were added back. */
export interface Window {
  /** The states the object may have been in at the beginning. */
  readonly from: readonly string[];
  /** In the order of the invocations. */
  readonly operations: readonly WindowOperation[];
  /** Indices into `operations`: an order of all but the misfit that works. */
  readonly order: readonly number[];
  /** What the misfit could have seen instead; empty when that is not known. */
  readonly couldHave: readonly string[];
  /** None of the operations can be left out any more. */
  readonly minimal: boolean;
}

export function explain<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Window {
  const { model } = decider;
  const { initials, operations } = history;
  const misfit = lastToReturn(operations);
  const replaced = (by: Partial<Operation<Call>>): ObjectHistory<Call, State> => ({
    initials,
    operations: operations.map((one) => (one === misfit ? { ...one, ...by } : one)),
  });
  const { order } = decider.decide(replaced({ end: Infinity }));
  const indexOf = new Map(operations.map(({ begin }, index) => [begin, index]));
  const possible = model
    .alternatives(history, misfit.call)
    .filter((call) => decider.decide(replaced({ call })).answer === "linearizable");
  return {
    from: initials.map((state) => model.describeState(state)),
    operations: operations.map((one) => ({
      what: model.describe(one.call),
      place: one.place,
      role: one === misfit ? "misfit" : one.end === Infinity ? "open" : "placed",
    })),
    order: order.map((begin) => indexOf.get(begin) ?? 0),
    couldHave: possible.map((call) => model.describe(call)),
    minimal: !decider.gaveUp,
  };
}

/** The window ends with the first return that cannot be explained. */
function lastToReturn<Call>(operations: readonly Operation<Call>[]): Operation<Call> {
  return operations
    .filter(({ end }) => end !== Infinity)
    .reduce((last, one) => (one.end > last.end ? one : last));
}
