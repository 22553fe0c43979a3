import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { shortestRoute } from "./routes.ts";
import { type LinksState, TIMERS } from "./state.ts";
import type { LinksMessage, TraceEnd } from "./types.ts";

type Trace = Extract<LinksMessage, { type: "trace" }>;
type Traced = Extract<LinksMessage, { type: "traced" }>;

interface Pending {
  readonly request: number;
  readonly to: NodeId;
  readonly deadline: Micros;
}

/** Traces of this node under way; one more ends the oldest. */
const MAX_PENDING = 256;

/**
 * Traced routes: every hop decides by its own graph where to go on, never back to where the trace
 * has been; the answer returns along the path.
 */
export class Tracing {
  readonly #state: LinksState;
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  constructor(state: LinksState) {
    this.#state = state;
  }

  begin(request: number, to: NodeId, now: Micros): void {
    const { self, options, directory, out } = this.#state;
    this.#last++;
    const deadline = now + ms(options.traceTimeoutMs);
    this.#pending.set(this.#last, { request, to, deadline });
    if (this.#pending.size > MAX_PENDING) {
      this.#endOldest();
    }
    out.timerBy(TIMERS.trace, deadline);
    const trace: Trace = {
      type: "trace",
      trace: this.#last,
      to,
      ttl: options.traceTtl,
      path: [self],
    };
    if (directory.state(to) === undefined) {
      this.#end(trace, "unknown");
    } else {
      this.#forward(trace);
    }
  }

  onTrace(from: NodeId, trace: Trace): void {
    const { self } = this.#state;
    if (trace.path.at(-1) === from && !trace.path.includes(self)) {
      this.#forward({ ...trace, path: [...trace.path, self] });
    }
  }

  onTraced(traced: Traced): void {
    const { self, out } = this.#state;
    const before = traced.path.indexOf(self) - 1;
    const back = traced.path[before];
    if (back !== undefined) {
      out.send(back, traced);
    } else if (before === -1) {
      this.#finish(traced.trace, traced.path, traced.end);
    }
  }

  expire(now: Micros): void {
    for (const [trace, { deadline }] of this.#pending) {
      if (deadline > now) {
        this.#state.out.timerBy(TIMERS.trace, deadline);
        return;
      }
      this.#finish(trace, [this.#state.self], "timeout");
    }
  }

  #forward(trace: Trace): void {
    const { self, out } = this.#state;
    if (trace.to === self) {
      return this.#end(trace, "arrived");
    }
    if (trace.ttl === 0) {
      return this.#end(trace, "ttl");
    }
    const next = this.#nextHop(trace);
    if (next === undefined) {
      return this.#end(trace, "no-route");
    }
    out.send(next, { ...trace, ttl: trace.ttl - 1 });
  }

  #nextHop({ to, path }: Trace): NodeId | undefined {
    const { self, overlay } = this.#state;
    const been = new Set(path);
    const cost = (a: NodeId, b: NodeId) => overlay.roundTripUs(a, b);
    return shortestRoute(overlay, [self, to], cost, been)?.[1];
  }

  #end({ trace, to, path }: Trace, end: TraceEnd): void {
    this.onTraced({ type: "traced", trace, to, path, end });
  }

  #endOldest(): void {
    for (const trace of this.#pending.keys()) {
      return this.#finish(trace, [this.#state.self], "timeout");
    }
  }

  #finish(trace: number, path: readonly NodeId[], end: TraceEnd): void {
    const pending = this.#pending.get(trace);
    if (pending === undefined) {
      return;
    }
    this.#pending.delete(trace);
    const { request, to } = pending;
    const ok = end === "arrived";
    this.#state.out.emit({ kind: "traced", request, to, path, ok, reason: end });
  }
}
