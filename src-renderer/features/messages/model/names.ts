/** Words and their numbers: the same word always has the same number. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #words: string[] = [];

  get words(): readonly string[] {
    return this.#words;
  }

  /** Gives an unknown word the next number. */
  indexOf(word: string): number {
    const known = this.#numbers.get(word);
    if (known !== undefined) return known;
    const next = this.#words.length;
    this.#words.push(word);
    this.#numbers.set(word, next);
    return next;
  }

  /** -1: never seen. */
  find(word: string): number {
    return this.#numbers.get(word) ?? -1;
  }
}
