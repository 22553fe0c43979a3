import { WireWriter } from "#main/kernel/wire.ts";
import { encodeRows } from "./codec.ts";
import { comparePlaces, EMPTY_VOTE, ORIGIN_PLACE, shortDigest } from "./proposal.ts";
import type { Row } from "./types.ts";

/**
 * Who is known to hold what: the two-dimensional time table of Wuu and Bernstein (1984), a row for
 * each member. From it follows which proposals a member has seen, without a set for each proposal.
 */
export class KnowledgeTable {
  readonly #self: number;
  readonly #rows: Row[];
  #hash: string | null = null;

  /** `self` is the index of the own row, -1 for who has none. */
  constructor(size: number, self: number) {
    this.#self = self;
    const held = Array.from({ length: size }, () => 0);
    this.#rows = held.map(() => ({ clock: 0, held, closed: EMPTY_VOTE, decided: ORIGIN_PLACE }));
  }

  get rows(): readonly Row[] {
    return this.#rows;
  }

  row(member: number): Row {
    const row = this.#rows[member];
    if (row === undefined) {
      throw new RangeError(`no member ${member}`);
    }
    return row;
  }

  get own(): Row {
    return this.row(this.#self);
  }

  /** Equal at two members who know the same; 16 hexadecimal digits. */
  get hash(): string {
    if (this.#hash === null) {
      encodeRows(scratch.reset(), this.#rows);
      this.#hash = shortDigest(scratch.finish());
    }
    return this.#hash;
  }

  holdsAll(member: number, counts: readonly number[]): boolean {
    const { held } = this.row(member);
    return counts.every((count, origin) => (held[origin] ?? 0) >= count);
  }

  /** The own row as this member knows better than anybody. */
  setOwn(change: Partial<Row>): void {
    this.#rows[this.#self] = { ...this.own, ...change };
    this.#hash = null;
  }

  setOwnHeld(origin: number, sequence: number): void {
    const held = [...this.own.held];
    held[origin] = sequence;
    this.setOwn({ held });
  }

  /**
   * Learns from another's table; true when that brought anything. About its own row a member
   * believes nobody.
   */
  merge(rows: readonly Row[]): boolean {
    let learnt = false;
    for (const [member, theirs] of rows.entries()) {
      const mine = this.row(member);
      if (member !== this.#self && isNews(mine, theirs)) {
        this.#rows[member] = joinRows(mine, theirs);
        learnt = true;
      }
    }
    this.#hash = learnt ? null : this.#hash;
    return learnt;
  }

  /** Whether this table says more than `rows`. */
  knowsMoreThan(rows: readonly Row[]): boolean {
    return this.#rows.some((mine, member) => {
      const theirs = rows[member];
      return theirs === undefined || isNews(theirs, mine);
    });
  }
}

function isNews(known: Row, other: Row): boolean {
  return (
    other.clock > known.clock ||
    isLaterVote(other, known) ||
    other.held.some((count, origin) => count > (known.held[origin] ?? 0))
  );
}

function joinRows(a: Row, b: Row): Row {
  return {
    clock: Math.max(a.clock, b.clock),
    held: a.held.map((count, origin) => Math.max(count, b.held[origin] ?? 0)),
    closed: isLaterVote(b, a) ? b.closed : a.closed,
    decided: comparePlaces(b.decided, a.decided) > 0 ? b.decided : a.decided,
  };
}

/** A vote is only replaced by one for more, or by a decision that went against it. */
function isLaterVote(a: Row, b: Row): boolean {
  const order = comparePlaces(a.decided, b.decided) || comparePlaces(a.closed, b.closed);
  return order === 0 ? a.closed.index > b.closed.index : order > 0;
}

const scratch = new WireWriter();
