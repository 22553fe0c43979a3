/** Says of a window why it cannot be ordered: how far an order goes, and what does not fit. */
import type { Decider } from "./decide.ts";
import type { Shrunk } from "./shrink.ts";
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
  /**
   * What the misfit could have seen instead, given all that had begun before it returned; empty
   * when that is not known.
   */
  readonly couldHave: readonly string[];
  /** It is known that none of the operations can be left out. */
  readonly minimal: boolean;
}

export function explain<Call, State>(
  decider: Decider<Call, State>,
  { whole, window }: Shrunk<Call, State>,
): Omit<Window, "minimal"> {
  const { model } = decider;
  const { initials, operations } = window;
  const misfit = lastToReturn(operations);
  const { order } = decider.decide(withMisfit(window, misfit, { end: Infinity }));
  const indexOf = new Map(operations.map(({ begin }, index) => [begin, index]));
  return {
    from: initials.map((state) => model.describeState(state)),
    operations: operations.map((one) => ({
      what: model.describe(one.call),
      place: one.place,
      role: one === misfit ? "misfit" : one.end === Infinity ? "open" : "placed",
    })),
    order: order.map((begin) => indexOf.get(begin) ?? 0),
    couldHave: alternatives(decider, whole, misfit).map((call) => model.describe(call)),
  };
}

/** The results with which all up to the misfit would be linearizable; none if one is not decided. */
function alternatives<Call, State>(
  decider: Decider<Call, State>,
  whole: ObjectHistory<Call, State>,
  misfit: Operation<Call>,
): readonly Call[] {
  const calls = decider.model.alternatives(whole, misfit);
  const trials = calls.map((call) => decider.decide(withMisfit(whole, misfit, { call })).answer);
  if (trials.includes("unknown")) return [];
  return calls.filter((_call, index) => trials[index] === "linearizable");
}

function withMisfit<Call, State>(
  { initials, operations }: ObjectHistory<Call, State>,
  misfit: Operation<Call>,
  change: Partial<Operation<Call>>,
): ObjectHistory<Call, State> {
  const changed = operations.map((one) =>
    one.begin === misfit.begin ? { ...one, ...change } : one,
  );
  return { initials, operations: changed };
}

/** The window ends with the first return that cannot be explained. */
function lastToReturn<Call>(operations: readonly Operation<Call>[]): Operation<Call> {
  return operations
    .filter(({ end }) => end !== Infinity)
    .reduce((last, one) => (one.end > last.end ? one : last));
}
