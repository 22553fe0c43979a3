/** A whole history checked, key by key, in slices, within a budget of steps. */
import { unreachable } from "#main/kernel/assert.ts";
import { Decider, searchable } from "./decide.ts";
import { explain, type Window } from "./explain.ts";
import type { History, HistoryCounts, KeyHistory, ModelHistory } from "./history.ts";
import {
  DEFAULT_MAX_STEPS,
  MAX_MEMO_WORDS,
  MAX_SHRINK_STEPS,
  MAX_TRIAL_STEPS,
  MAX_WINDOWS,
  SLICE_STEPS,
} from "./limits.ts";
import { type Answer, Search } from "./search.ts";
import { shrink } from "./shrink.ts";
import type { Model, ModelName, ObjectHistory } from "./types.ts";
import { MemoPool } from "./word-table.ts";

export type Verdict = Answer | "unknown";

export interface KeyReport {
  /** Canonical JSON; `undefined` for the object without a name. */
  readonly key: string | undefined;
  readonly verdict: Verdict;
  /** Operations that took effect or may have and say anything. */
  readonly operations: number;
  /** Those of them whose outcome is unknown. */
  readonly unknown: number;
  /** Placements tried. */
  readonly steps: number;
  /** Different configurations met. */
  readonly states: number;
  /** Why it is not linearizable; not for every key of a history where many are not. */
  readonly window: Window | undefined;
}

export interface Report {
  readonly verdict: Verdict;
  readonly model: ModelName;
  readonly counts: HistoryCounts;
  /** In the order in which the keys first occur. */
  readonly keys: readonly KeyReport[];
  readonly steps: number;
  readonly states: number;
}

export interface CheckOptions {
  /** Placements tried for the whole history. More: gives up later, takes longer. */
  readonly maxSteps?: number;
}

/** Checks a history slice by slice: `advance` until it says `false`, then `report`. */
export class HistoryCheck {
  readonly #history: History;
  readonly #slices: Generator<void, void>;
  readonly #keys: readonly KeyState[];

  constructor(history: History, { maxSteps = DEFAULT_MAX_STEPS }: CheckOptions = {}) {
    this.#history = history;
    const { keys, slices } = startChecks(history.objects, maxSteps);
    this.#keys = keys;
    this.#slices = slices;
  }

  /** Some tens of milliseconds of work, more where a key is large; `false` when all is done. */
  advance(): boolean {
    return this.#slices.next().done !== true;
  }

  /** What is known so far: keys that were not decided yet are "unknown". */
  report(): Report {
    const keys = this.#keys.map(reportKey);
    return {
      verdict: worst(keys.map(({ verdict }) => verdict)),
      model: this.#history.model,
      counts: this.#history.counts,
      keys,
      steps: keys.reduce((sum, { steps }) => sum + steps, 0),
      states: keys.reduce((sum, { states }) => sum + states, 0),
    };
  }
}

/** Checks a history in one go. */
export function checkHistory(history: History, options: CheckOptions = {}): Report {
  const check = new HistoryCheck(history, options);
  while (check.advance()) {
    // Each slice is bounded, and so is their number, by the budget of steps.
  }
  return check.report();
}

/** The independent parts of one key's object, and what is known of them. */
interface KeyState {
  readonly key: string | undefined;
  readonly operations: number;
  readonly unknown: number;
  readonly verdicts: Verdict[];
  steps: number;
  states: number;
  window: Window | undefined;
}

interface Part<Call, State> {
  readonly history: ObjectHistory<Call, State>;
  readonly owner: KeyState;
  readonly index: number;
  search: Search | undefined;
}

function reportKey({ verdicts, key, operations, unknown, ...rest }: KeyState): KeyReport {
  const { steps, states, window } = rest;
  return { key, verdict: worst(verdicts), operations, unknown, steps, states, window };
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes("not-linearizable")) return "not-linearizable";
  return verdicts.includes("unknown") ? "unknown" : "linearizable";
}

interface Started {
  readonly keys: readonly KeyState[];
  readonly slices: Generator<void, void>;
}

function startChecks(objects: History["objects"], maxSteps: number): Started {
  switch (objects.kind) {
    case "register":
      return startCheck(objects, maxSteps);
    case "counter":
      return startCheck(objects, maxSteps);
    case "set":
      return startCheck(objects, maxSteps);
    default:
      return unreachable(objects);
  }
}

function startCheck<Call, State>(
  { model, keys }: ModelHistory<Call, State>,
  maxSteps: number,
): Started {
  const parts: Part<Call, State>[] = [];
  const states = keys.map((history) => {
    const owner = startKey(model, history);
    for (const part of model.split(history)) {
      parts.push({ history: part, owner, index: owner.verdicts.length, search: undefined });
      owner.verdicts.push("unknown");
    }
    return owner;
  });
  return { keys: states, slices: checkParts(model, parts, maxSteps) };
}

function startKey<Call, State>(
  model: Model<Call, State>,
  { key, operations }: KeyHistory<Call, State>,
): KeyState {
  const searched = searchable(model, operations);
  const unknown = searched.filter(({ end }) => end === Infinity).length;
  const counts = { operations: searched.length, unknown };
  return { key, ...counts, verdicts: [], steps: 0, states: 0, window: undefined };
}

function* checkParts<Call, State>(
  model: Model<Call, State>,
  parts: readonly Part<Call, State>[],
  maxSteps: number,
): Generator<void, void> {
  const pool = new MemoPool(MAX_MEMO_WORDS);
  yield* decideParts(model, parts, { pool, maxSteps });
  let windows = 0;
  for (const part of parts) {
    const bad = part.owner.verdicts[part.index] === "not-linearizable";
    if (!bad || part.owner.window !== undefined || windows === MAX_WINDOWS) continue;
    windows += 1;
    yield* findWindow(model, part, pool);
  }
}

/**
 * All parts in turn, with slices that double from round to round: a part that is hard does not
 * keep the checker from finding what is wrong with another.
 */
function* decideParts<Call, State>(
  model: Model<Call, State>,
  parts: readonly Part<Call, State>[],
  { pool, maxSteps }: { readonly pool: MemoPool; readonly maxSteps: number },
): Generator<void, void> {
  let [open, left, sinceYield] = [parts, maxSteps, 0];
  for (let round = SLICE_STEPS; open.length > 0 && left > 0; round *= 2) {
    const undecided: Part<Call, State>[] = [];
    for (const part of open) {
      let answer: Answer | undefined;
      for (let done = 0; answer === undefined && done < round && left > 0; done += SLICE_STEPS) {
        const { steps } = part.owner;
        answer = runPart(model, part, { pool, steps: Math.min(SLICE_STEPS, left) });
        left -= part.owner.steps - steps;
        sinceYield += part.owner.steps - steps + part.history.operations.length;
        if (sinceYield < SLICE_STEPS) continue;
        sinceYield = 0;
        yield;
      }
      if (answer === undefined) undecided.push(part);
    }
    open = undecided;
  }
  for (const { search } of open) search?.release();
}

function runPart<Call, State>(
  model: Model<Call, State>,
  part: Part<Call, State>,
  { pool, steps }: { readonly pool: MemoPool; readonly steps: number },
): Answer | undefined {
  const { owner, index, history } = part;
  part.search ??= startSearch(model, history, pool);
  const { search } = part;
  const before = { steps: search.steps, states: search.states };
  const answer = search.run(steps);
  owner.steps += search.steps - before.steps;
  owner.states += search.states - before.states;
  if (answer === undefined) return undefined;
  owner.verdicts[index] = answer;
  part.search = undefined;
  return answer;
}

function startSearch<Call, State>(
  model: Model<Call, State>,
  { initials, operations }: ObjectHistory<Call, State>,
  pool: MemoPool,
): Search {
  const searched = searchable(model, operations);
  const [initial] = initials;
  if (initial === undefined || initials.length > 1) {
    throw new RangeError("a history of a file begins in one state");
  }
  return new Search(searched, model.createObject(searched, initial), pool);
}

function* findWindow<Call, State>(
  model: Model<Call, State>,
  { owner, history }: Part<Call, State>,
  pool: MemoPool,
): Generator<void, void> {
  const allowance = { steps: MAX_SHRINK_STEPS };
  const decider = new Decider(model, pool, { allowance, perTrial: MAX_TRIAL_STEPS });
  const shrinking = shrink(decider, history);
  let next = shrinking.next();
  while (next.done !== true) {
    yield;
    next = shrinking.next();
  }
  const spare = { allowance: { steps: MAX_SHRINK_STEPS }, perTrial: MAX_TRIAL_STEPS };
  const explained = explain(new Decider(model, pool, spare), next.value);
  owner.window = { ...explained, minimal: !decider.gaveUp };
}
