/** The definition of linearizability, word for word: tries all orders. For a handful of operations. */
import type { CounterCall, RegisterCall, SetCall } from "../models/calls.ts";
import type { History, ModelHistory } from "../history.ts";
import type { ObjectHistory, Operation, Value } from "../types.ts";

/** The state after the call, or `undefined` when the call cannot have that result there. */
export type Step<Call, State> = (state: State, call: Call) => State | undefined;

export function isLinearizable({ objects }: History): boolean {
  switch (objects.kind) {
    case "register":
      return allOrdered(objects, stepRegister);
    case "counter":
      return allOrdered(objects, stepCounter);
    case "set":
      return allOrdered(objects, stepSet);
  }
}

function allOrdered<Call, State>(
  { keys }: ModelHistory<Call, State>,
  step: Step<Call, State>,
): boolean {
  return keys.every((history) => hasOrder(history, step));
}

/** From one of the initial states. */
export function hasOrder<Call, State>(
  { initials, operations }: ObjectHistory<Call, State>,
  step: Step<Call, State>,
): boolean {
  return initials.some((initial) => completes(initial, operations, step));
}

function completes<Call, State>(
  state: State,
  left: readonly Operation<Call>[],
  step: Step<Call, State>,
): boolean {
  if (left.every(({ end }) => end === Infinity)) return true;
  const firstEnd = Math.min(...left.map(({ end }) => end));
  return left.some((next) => {
    if (next.begin > firstEnd) return false;
    const after = step(state, next.call);
    const rest = left.filter((one) => one !== next);
    return after !== undefined && completes(after, rest, step);
  });
}

export const stepRegister: Step<RegisterCall, Value> = (state, call) => {
  switch (call.kind) {
    case "read":
      return call.value === state ? state : undefined;
    case "write":
      return call.value;
    case "swap":
      return call.from === state ? call.to : undefined;
    case "refused":
      return call.from === state ? undefined : state;
  }
};

export const stepCounter: Step<CounterCall, number> = (state, call) => {
  if (call.kind === "add") return state + call.by;
  return call.value === state ? state : undefined;
};

export const stepSet: Step<SetCall, ReadonlySet<Value>> = (state, call) => {
  switch (call.kind) {
    case "add":
      return new Set([...state, call.element]);
    case "remove":
      return new Set([...state].filter((element) => element !== call.element));
    case "contains":
      return state.has(call.element) === call.found ? state : undefined;
    case "read": {
      const looked = [...state].filter((one) => call.looked?.has(one) ?? true);
      const same = looked.length === call.elements.size;
      return same && looked.every((one) => call.elements.has(one)) ? state : undefined;
    }
  }
};
