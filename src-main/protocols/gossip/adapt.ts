/**
 * How gossip adapts to the size of the mesh and to a budget: pure formulas, asked once a round.
 * They see what one node knows; nothing is negotiated.
 */
import { MAX_PAYLOAD_BYTES } from "./limits.ts";

export const MAX_FANOUT = 32;

/** Bytes that may be saved up: the largest rumour has to fit in, however small the budget is. */
export const BURST_BYTES = 2 * MAX_PAYLOAD_BYTES;

/**
 * The fanout that keeps the rounds to all about constant while the mesh grows: ln n. With ln n + c
 * even spreading that tells everything only once reaches all with probability e^(-e^-c)
 * (Kermarrec, Massoulié and Ganesh 2003).
 */
export function fanoutBySize(n: number): number {
  return Math.max(1, Math.min(MAX_FANOUT, Math.ceil(Math.log(Math.max(1, n)))));
}

/**
 * The fanout of a round: by size, as far as the round's allowance pays for telling that many peers
 * `bytesPerPeer`; 1 when it does not even pay for one, since what does not fit is put off anyway.
 */
export function adaptFanout(n: number, allowanceBytes: number, bytesPerPeer: number): number {
  const affordable = bytesPerPeer > 0 ? Math.floor(allowanceBytes / bytesPerPeer) : MAX_FANOUT;
  return Math.max(1, Math.min(fanoutBySize(n), affordable));
}

export interface AllowanceInputs {
  /** Of copies, whenever it is set; null: a fixed number of bytes per round. */
  readonly bandwidthBytesPerSecond: number | null;
  readonly bytesPerRound: number;
  readonly gossipIntervalMs: number;
}

/**
 * Bytes of copies that a round may send. With a bandwidth it is what comes in during a round and
 * what the rounds before left, saved up to `BURST_BYTES` or one round's share.
 */
export function roundAllowance(inputs: AllowanceInputs, leftBytes: number): number {
  const { bandwidthBytesPerSecond, bytesPerRound, gossipIntervalMs } = inputs;
  if (bandwidthBytesPerSecond === null) {
    return bytesPerRound;
  }
  const share = (bandwidthBytesPerSecond * gossipIntervalMs) / 1_000;
  return Math.min(Math.max(BURST_BYTES, share), Math.max(0, leftBytes) + share);
}
