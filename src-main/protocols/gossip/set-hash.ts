/**
 * A hash of a set of strings that is kept as members come and go: the sum, in two lanes of 32
 * bits, of every member's hash. A sum and not an exclusive or, so that equal members cannot cancel
 * out. Good against accidents; it does not withstand somebody who searches for collisions.
 */
export class SetHash {
  #high = 0;
  #low = 0;

  add(member: string): void {
    this.#high = (this.#high + laneHash(member, 0x9747b28c)) >>> 0;
    this.#low = (this.#low + laneHash(member, 0x1b873593)) >>> 0;
  }

  remove(member: string): void {
    this.#high = (this.#high - laneHash(member, 0x9747b28c)) >>> 0;
    this.#low = (this.#low - laneHash(member, 0x1b873593)) >>> 0;
  }

  /** 16 hexadecimal digits; all zero for the empty set. */
  get hex(): string {
    return hex32(this.#high) + hex32(this.#low);
  }
}

/** FNV-1a over UTF-16 units with murmur3's finaliser, which spreads the last characters too. */
function laneHash(text: string, seed: number): number {
  let hash = 0x811c9dc5 ^ seed;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function hex32(value: number): string {
  return value.toString(16).padStart(8, "0");
}
