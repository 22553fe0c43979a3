/** One question, asked often while a window is made small: is this history linearizable? */
import { Search } from "./search.ts";
import type { Model, ObjectHistory, Operation } from "./types.ts";
import type { MemoPool } from "./word-table.ts";

/** Steps that a series of questions may still take. */
export interface Allowance {
  steps: number;
}

export interface Trial {
  readonly answer: "linearizable" | "not-linearizable" | "unknown";
  /** Indices of its operations in an order that works; empty unless there is one. */
  readonly order: readonly number[];
}

/** What the search works on: pure operations of unknown outcome say nothing. */
export function searchable<Call, State>(
  model: Model<Call, State>,
  operations: readonly Operation<Call>[],
): readonly Operation<Call>[] {
  return operations.filter(({ call, end }) => end !== Infinity || !model.isPure(call));
}

/** The history up to an event: what has not returned by then is of unknown outcome. */
export function upTo<Call, State>(
  history: ObjectHistory<Call, State>,
  event: number,
): ObjectHistory<Call, State> {
  const operations = history.operations
    .filter(({ begin }) => begin <= event)
    .map((operation) => (operation.end <= event ? operation : { ...operation, end: Infinity }));
  return { ...history, operations };
}

/** Asks such questions within an allowance; each takes at most `perTrial` steps. */
export class Decider<Call, State> {
  readonly model: Model<Call, State>;
  /** A question was left open for want of steps. */
  gaveUp = false;
  readonly #pool: MemoPool;
  readonly #allowance: Allowance;
  readonly #perTrial: number;

  constructor(
    model: Model<Call, State>,
    pool: MemoPool,
    limits: { readonly allowance: Allowance; readonly perTrial: number },
  ) {
    this.model = model;
    this.#pool = pool;
    this.#allowance = limits.allowance;
    this.#perTrial = limits.perTrial;
  }

  /** Linearizable from one of the initial states. */
  decide({ initials, operations }: ObjectHistory<Call, State>): Trial {
    const searched = searchable(this.model, operations);
    let answer: Trial["answer"] = "not-linearizable";
    for (const initial of initials) {
      const object = this.model.createObject(searched, initial);
      const search = new Search(searched, object, this.#pool);
      const found = search.run(Math.min(this.#perTrial, this.#allowance.steps));
      search.release();
      // Making a search costs about as much as a step for each operation.
      this.#allowance.steps -= search.steps + searched.length;
      if (found === "linearizable")
        return { answer: found, order: this.#orderOf(search, searched) };
      if (found === undefined) answer = "unknown";
    }
    if (answer === "unknown") this.gaveUp = true;
    return { answer, order: [] };
  }

  /** It is known that no order works. */
  refutes(history: ObjectHistory<Call, State>): boolean {
    return this.decide(history).answer === "not-linearizable";
  }

  #orderOf(search: Search, searched: readonly Operation<Call>[]): readonly number[] {
    return search.order().map((index) => searched[index]?.begin ?? 0);
  }
}
