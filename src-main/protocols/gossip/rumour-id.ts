import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { RumourId } from "./types.ts";

/** Names all rumours of one life of one origin. */
export function streamKey(origin: NodeId, epoch: Micros): string {
  return `${origin}@${epoch}`;
}

/** The id as one string of at most 98 characters: what consoles and maps use. */
export function rumourKey(id: RumourId): string {
  return `${id.origin}@${id.epoch}#${id.sequence}`;
}
