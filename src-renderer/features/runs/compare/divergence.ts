/** Walks the events of two meshes side by side until they are not the same any more. */
import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";

export type Side = "a" | "b";

/** The name of a mesh, and what happens all the time: it says nothing of where two runs part. */
const AMBIENT: ReadonlySet<MeshEventType> = new Set<MeshEventType>([
  "mesh.started",
  "log",
  "metrics.sampled",
  "invariants.checked",
]);

export interface DivergenceOptions {
  /** The first event to be looked at. */
  readonly fromSeq: number;
  /** Mesh time up to which each side has told all of its events. */
  readonly until: Readonly<Record<Side, number>>;
  /** Events, oldest first; none at the end. */
  readonly read: (side: Side, fromSeq: number, limit: number) => Promise<readonly MeshEvent[]>;
  readonly cancelled: () => boolean;
  readonly pageSize?: number;
  /** Of each side. */
  readonly maxEvents?: number;
}

export type Divergence =
  /** On the side that is `undefined` nothing happened at that moment. */
  | {
      readonly kind: "found";
      readonly a: MeshEvent | undefined;
      readonly b: MeshEvent | undefined;
      readonly looked: number;
    }
  /** `at`: mesh time up to which both are the same. `whole`: up to the end of one of them. */
  | {
      readonly kind: "same";
      readonly at: number | undefined;
      readonly whole: boolean;
      readonly looked: number;
    };

const PAGE_SIZE = 500;
const MAX_EVENTS = 20_000;

/** `undefined` when cancelled. `looked` counts pairs of noteworthy events that were compared. */
export async function firstDivergence(options: DivergenceOptions): Promise<Divergence | undefined> {
  const sides = { a: new EventReader("a", options), b: new EventReader("b", options) };
  let looked = 0;
  let at: number | undefined;
  while (!options.cancelled()) {
    const a = await sides.a.peek();
    const b = await sides.b.peek();
    if (a === undefined || b === undefined) {
      const only = a ?? b;
      const silent = a === undefined ? "a" : "b";
      const cut = sides.a.cut || sides.b.cut;
      // The silent side has told everything up to here, and this was not in it.
      const isMissing = only !== undefined && only.at < options.until[silent];
      if (!cut && isMissing) return { kind: "found", a, b, looked };
      return { kind: "same", at, whole: !cut, looked };
    }
    if (!sameEvent(a, b)) return { kind: "found", a, b, looked };
    looked += 1;
    at = a.at;
    sides.a.take();
    sides.b.take();
  }
  return undefined;
}

/** Numbers may differ: two meshes that are no fork of each other count on their own. */
function sameEvent({ seq: _a, ...a }: MeshEvent, { seq: _b, ...b }: MeshEvent): boolean {
  return stable(a) === stable(b);
}

/** JSON that does not depend on the order in which fields were set. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
}

class EventReader {
  readonly #side: Side;
  readonly #options: DivergenceOptions;
  #page: readonly MeshEvent[] = [];
  #at = 0;
  #nextSeq: number;
  #read = 0;
  #ended = false;
  /** More may follow, but as many as wanted were looked at. */
  cut = false;

  constructor(side: Side, options: DivergenceOptions) {
    this.#side = side;
    this.#options = options;
    this.#nextSeq = options.fromSeq;
  }

  /** The next noteworthy event. */
  async peek(): Promise<MeshEvent | undefined> {
    for (;;) {
      const event = this.#page[this.#at];
      if (event !== undefined && !AMBIENT.has(event.type)) return event;
      if (event !== undefined) this.#at += 1;
      else if (!(await this.#turn())) return undefined;
    }
  }

  take(): void {
    this.#at += 1;
  }

  /** False at the end. */
  async #turn(): Promise<boolean> {
    if (this.#ended || this.#options.cancelled()) return false;
    const { pageSize = PAGE_SIZE, maxEvents = MAX_EVENTS } = this.#options;
    const limit = Math.min(pageSize, maxEvents - this.#read);
    if (limit <= 0) {
      this.cut = true;
      return false;
    }
    this.#page = await this.#options.read(this.#side, this.#nextSeq, limit);
    this.#at = 0;
    const last = this.#page.at(-1);
    this.#ended = last === undefined;
    if (last !== undefined) this.#nextSeq = last.seq + 1;
    this.#read += this.#page.length;
    return !this.#ended;
  }
}
