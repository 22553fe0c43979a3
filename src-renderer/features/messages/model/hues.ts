/** Which of the six hues a protocol has: the same on every screen and in every session. */
export const HUES = 6;

/** Protocols that are seen together keep apart; the second hue looks like failure. */
const KNOWN: Readonly<Record<string, number>> = {
  raft: 0,
  pbft: 0,
  epidemic: 0,
  heartbeat: 2,
  swim: 2,
  phi: 2,
  gossip: 3,
  links: 4,
  membership: 5,
  memory: 1,
};

export function hueOf(protocol: string): number {
  const known = KNOWN[protocol];
  if (known !== undefined) return known;
  let sum = 0;
  for (const char of protocol) sum = (sum * 31 + (char.codePointAt(0) ?? 0)) % 9_973;
  return sum % HUES;
}
