/**
 * Seeded randomness. Every node and every concern draws from a stream of its own, forked by name,
 * so that a new draw in one place shifts nothing elsewhere.
 */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, bound); `bound` must be a positive safe integer. */
  int(bound: number): number;
  /** A child stream that depends on this stream's seed and `name` only, never on draws made. */
  fork(name: string): Random;
}
