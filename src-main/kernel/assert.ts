/** A promise of the program itself was broken: always a bug of ours, never of the input. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** Stays on in production: a machine that goes on after a broken promise does worse damage. */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) {
    throw new AssertionError(message);
  }
}

/** Ends every switch over a union: a forgotten member is a compile error here. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable: ${JSON.stringify(value)}`);
}
