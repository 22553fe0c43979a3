/** The vocabulary of the checker: what was done, when, to which object. */

/** A JSON value; equal values of one history are the same object. */
export interface Value {
  /** Its canonical JSON text: members of objects sorted, no spaces. */
  readonly text: string;
}

/** Where an operation stands in the file. */
export interface Place {
  /** Name of the process in canonical JSON: 3 and "3" are different processes. */
  readonly process: string;
  readonly invokeLine: number;
  /** Line of its `ok` or `info`; none when the file ends first. */
  readonly endLine: number | undefined;
  /** As the file gives them, in the file's unit. */
  readonly invokeTime: number | undefined;
  readonly endTime: number | undefined;
  readonly outcome: "ok" | "unknown";
}

/** One operation that took effect (`end` finite) or may have (`end` is `Infinity`). */
export interface Operation<Call> {
  readonly call: Call;
  /** Places in the order of all events of the history. */
  readonly begin: number;
  readonly end: number;
  readonly place: Place;
}

/** What happened to one object, in the order of the invocations. */
export interface ObjectHistory<Call, State> {
  /** The states it may have been in before the first operation; one, unless a prefix was cut. */
  readonly initials: readonly State[];
  readonly operations: readonly Operation<Call>[];
}

export const MODEL_NAMES = ["register", "cas-register", "counter", "set"] as const;
export type ModelName = (typeof MODEL_NAMES)[number];

/** An operation of the file before the model has read its values. */
export interface RawOperation {
  readonly f: string;
  /** `value` of the invocation and of the completion; `undefined` when absent. */
  readonly argument: unknown;
  readonly result: unknown;
  readonly begin: number;
  readonly end: number;
  readonly place: Place;
}

/** Hands out values and refuses what is wrong with a line. */
export interface ValueReader {
  /** Throws for a value that no object can hold. */
  value(json: unknown, line: number): Value;
  /** Throws `MeshError` "bad-recording" that names the line. */
  bad(line: number, what: string): never;
}

/** A kind of object: how its operations are written, what they mean, how a window is made small. */
export interface Model<Call, State> {
  /** The names `f` may have. */
  readonly functions: readonly string[];
  /** The state at the start; `undefined` stands for a header without `initial`. */
  initial(json: unknown, values: ValueReader, line: number): State;
  /** `undefined`: it had no effect and saw nothing, as a read of unknown outcome. */
  read(raw: RawOperation, values: ValueReader): Call | undefined;
  /** Like "read → 1". */
  describe(call: Call): string;
  describeState(state: State): string;
  /** Objects that are independent of each other inside this one. */
  split(history: ObjectHistory<Call, State>): ReadonlyArray<ObjectHistory<Call, State>>;
  createObject(operations: readonly Operation<Call>[], initial: State): SearchedObject;
  /**
   * The history without those of the `unwanted` that can go: if the history is linearizable, what
   * is returned is too. Returns the same history when nothing can go.
   */
  reduce(
    history: ObjectHistory<Call, State>,
    unwanted: ReadonlySet<Operation<Call>>,
  ): ObjectHistory<Call, State>;
  /** The operation never changes the state. */
  isPure(call: Call): boolean;
  /**
   * The states the object may be in where the history `after` begins, given all that had begun
   * before; `undefined` when there are too many to try.
   */
  statesBetween(
    before: ObjectHistory<Call, State>,
    after: readonly Operation<Call>[],
  ): readonly State[] | undefined;
  /** Smaller histories of parts of the object, to look at alone. */
  aspects(history: ObjectHistory<Call, State>): Iterable<ObjectHistory<Call, State>>;
  /**
   * All that the operation, the last to return, could have seen instead, as operations that see
   * just that; none when there are too many to try.
   */
  alternatives(history: ObjectHistory<Call, State>, operation: Operation<Call>): readonly Call[];
}

/**
 * The object during a search. Operations go by their index. Only what was applied last may be
 * undone. Besides the sequential meaning it tells what need not be tried; `search.ts` says when
 * such an answer is sound.
 */
export interface SearchedObject {
  /** 32-bit words that `writeState` writes. */
  readonly stateWords: number;
  /**
   * The state as far as what is left can tell it and the operations placed do not fix it; of
   * these, operations of unknown outcome do not count.
   */
  writeState(into: Int32Array, at: number): void;
  /** Set by `apply` when what is left can no longer all be placed; the search clears it. */
  dead: boolean;
  /** Nothing is left that could not be placed. */
  settled(): boolean;
  /** Some operation can be placed in no order at all. */
  hopeless(): boolean;
  allows(operation: number): boolean;
  /** Returns what `undo` wants back. */
  apply(operation: number): number;
  undo(operation: number, saved: number): void;
  /** Placing it now, in this state, loses no order that works. */
  isFree(operation: number): boolean;
  /** If an order works that has it next, one works that has it later. */
  canWait(operation: number): boolean;
  /** Like `canWait`, and it can go unseen directly before `other`. */
  goesUnder(operation: number, other: number): boolean;
  /** Whether it took effect makes no difference any more to what is left. */
  isForgotten(operation: number): boolean;
  /** Unlike others that do not either, it may answer or do something else in another order. */
  observes(operation: number): boolean;
  /** A guess at how far placing it now leaves the state from what `waiting` wants; 0 is best. */
  distance(operation: number, waiting: number): number;
  /** Operations with equal numbers mean the same. */
  classOf(operation: number): number;
}
