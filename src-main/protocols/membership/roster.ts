/**
 * The agreed members in the order of their names: a numbering that everybody with the same agreed
 * membership has in common, so that observers can be told as bits.
 */
import { SetDigest } from "./digest.ts";
import type { MemberTable } from "./table.ts";

export class Roster {
  readonly #table: MemberTable;
  #version = -1;
  #hash = "";
  #slots: readonly number[] = [];
  #indices = new Int32Array();

  constructor(table: MemberTable) {
    this.#table = table;
  }

  /** Equal for equal agreed memberships. */
  get hash(): string {
    this.#renew();
    return this.#hash;
  }

  /** The members' slots, in the order of their names. */
  get slots(): readonly number[] {
    this.#renew();
    return this.#slots;
  }

  /** Slot → place in the roster, −1 for slots of members that do not count. */
  get indices(): Int32Array {
    this.#renew();
    return this.#indices;
  }

  #renew(): void {
    if (this.#version === this.#table.agreedVersion) {
      return;
    }
    this.#version = this.#table.agreedVersion;
    const members = [...this.#table.entries()].filter((entry) => entry.agreed);
    members.sort((a, b) => (a.id < b.id ? -1 : 1));
    const digest = new SetDigest();
    const indices = new Int32Array(1 + Math.max(-1, ...members.map((member) => member.slot)));
    indices.fill(-1);
    members.forEach((member, index) => {
      digest.add(member.id, []);
      indices[member.slot] = index;
    });
    this.#hash = digest.toString();
    this.#slots = members.map((member) => member.slot);
    this.#indices = indices;
  }
}
