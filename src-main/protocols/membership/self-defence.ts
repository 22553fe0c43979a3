/**
 * What others say about this node. Anything but the truth is answered with a higher incarnation,
 * which only this node may choose (SWIM §4.2).
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Claims } from "./claims.ts";
import type { Leave } from "./leave.ts";
import type { MemberSnapshot, Update } from "./messages.ts";
import type { MemberMetadata } from "./types.ts";
import { sameMetadata } from "./verdicts.ts";

export class SelfDefence {
  readonly #claims: Claims;
  readonly #leave: Leave;

  constructor(claims: Claims, leave: Leave) {
    this.#claims = claims;
    this.#leave = leave;
  }

  answer(update: Update, from: NodeId): void {
    if (update.kind === "alive") {
      this.#answerAlive(update.incarnation, update.metadata, from);
    } else if (update.kind === "suspect") {
      this.#refute(update.incarnation, update.accuser);
    } else {
      this.#refute(update.incarnation, from);
    }
  }

  /** This node's row in somebody's table. */
  answerRow(row: MemberSnapshot, from: NodeId): void {
    if (row.state === "alive") {
      this.#answerAlive(row.incarnation, row.metadata, from);
    } else {
      this.#refute(row.incarnation, from);
    }
  }

  /** Nobody but this node may raise its incarnation, or describe it within one. */
  #answerAlive(incarnation: number, metadata: MemberMetadata, from: NodeId): void {
    const { entry } = this.#claims;
    const foreign = incarnation > entry.incarnation;
    const altered = incarnation === entry.incarnation && !sameMetadata(metadata, entry.metadata);
    if (foreign || altered) {
      this.#refute(incarnation, from);
    }
  }

  /** Who leaves lets the mesh believe what it likes. */
  #refute(incarnation: number, accusedBy: NodeId): void {
    if (!this.#leave.begun) {
      this.#claims.refute(incarnation, accusedBy);
    }
  }
}
