/**
 * How busy the mesh is, found out by gossip: each node gives the messages it handled in the last
 * second, and hears count, sum, mean and extremes of all.
 */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, seconds } from "#main/kernel/time.ts";
import type { WireReader } from "#main/kernel/wire.ts";
import { Aggregation } from "#main/protocols/aggregation/aggregation.ts";
import { AGGREGATION_DEFAULTS } from "#main/protocols/aggregation/options.ts";
import type { AggregationSetup } from "#main/protocols/aggregation/setup.ts";
import type {
  AggregationEvent,
  AggregationInput,
  Estimate,
} from "#main/protocols/aggregation/types.ts";
import type { Outbox } from "./outbox.ts";
import { AGGREGATION_SLOT } from "./slots.ts";

/** What the nodes measure, in messages a second. */
export const LOAD_METRIC = "messages/s";
const HIGHEST_LOAD = 1_000_000;
const MEASURE_US = seconds(1);
const MEASURE_TIMER = "node:load";

export class Aggregates {
  readonly #self: NodeId;
  readonly #outbox: Outbox;
  readonly #machine: Aggregation;
  #handled = 0;
  #since: Micros = 0;

  constructor(outbox: Outbox, setup: Omit<AggregationSetup, "options">) {
    this.#self = setup.self;
    this.#outbox = outbox;
    const metrics = [{ name: LOAD_METRIC, lowest: 0, highest: HIGHEST_LOAD }];
    this.#machine = new Aggregation({ ...setup, options: { ...AGGREGATION_DEFAULTS, metrics } });
  }

  start(now: Micros): void {
    this.#since = now;
    this.step({ kind: "start", now });
    this.#outbox.timer(MEASURE_TIMER, now + MEASURE_US);
  }

  /** A message of any protocol came in. */
  count(): void {
    this.#handled++;
  }

  step(input: AggregationInput): void {
    const effects = this.#machine.step(input);
    this.#outbox.absorb(AGGREGATION_SLOT, effects, input.now, this.#onEvent);
  }

  receive(from: NodeId, reader: WireReader, now: Micros): void {
    const message = AGGREGATION_SLOT.codec.decode(reader);
    reader.expectEnd();
    this.step({ kind: "message", now, from, message });
  }

  /** One of the node's own timers came; false when it is none of these. */
  fire(timer: string, now: Micros): boolean {
    if (timer !== MEASURE_TIMER) {
      return false;
    }
    const passed = now - this.#since;
    if (passed > 0) {
      const value = Math.min(HIGHEST_LOAD, (this.#handled * seconds(1)) / passed);
      this.step({ kind: "value", now, metric: LOAD_METRIC, value });
    }
    this.#handled = 0;
    this.#since = now;
    this.#outbox.timer(MEASURE_TIMER, now + MEASURE_US);
    return true;
  }

  readonly #onEvent = (event: AggregationEvent): void => {
    if (event.kind === "estimate") {
      this.#outbox.emit(estimateEvent(this.#self, event));
    }
  };
}

/** The error is the worst of all that is told; nothing is told that is not known. */
function estimateEvent(
  node: NodeId,
  event: Extract<AggregationEvent, { kind: "estimate" }>,
): MeshEventBody {
  const { metric, epoch, round, estimates } = event;
  const known = Object.entries(estimates).flatMap(([name, { value, error }]: [string, Estimate]) =>
    value === null ? [] : [{ name, value, error }],
  );
  const errors = known.flatMap(({ error }) => (error === null ? [] : [error]));
  const values = Object.fromEntries(known.map(({ name, value }) => [name, value]));
  const error = errors.length === 0 ? {} : { error: Math.max(...errors) };
  return { type: "aggregate.estimate", node, metric, ...values, ...error, epoch, round };
}
