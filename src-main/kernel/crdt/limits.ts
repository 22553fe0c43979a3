/** How large a replicated value may be. Codecs bound what arrives by the same figures. */
import { MAX_NODE_ID_BYTES } from "../wire-lists.ts";
import { type Micros, seconds } from "../time.ts";

/** Actors (nodes times their lives) whose updates one state remembers. */
export const MAX_ACTORS = 1_024;
/** A node's name, the separator and the digits of a safe integer. */
export const MAX_ACTOR_BYTES = MAX_NODE_ID_BYTES + 1 + 16;
/** Updates of one state that are known although earlier ones of their actor are not. */
export const MAX_CLOUD_DOTS = 4_096;
/** What one actor may count up or down: 1,024 actors then stay far below 2^53. */
export const MAX_COUNT_PER_ACTOR = 2 ** 40;
/** Elements of one set; what was removed does not count. */
export const MAX_ELEMENTS = 4_096;
export const MAX_ELEMENT_BYTES = 1_024;
/** Concurrent adds of one element that a state tells apart. */
export const MAX_DOTS_PER_ELEMENT = 256;
/** Entries of one map; removed ones count until they are pruned. */
export const MAX_MAP_ENTRIES = 4_096;
export const MAX_KEY_BYTES = 512;
/** Bytes of one value in a register or a map. */
export const MAX_VALUE_BYTES = 16 * 1_024;
/** Concurrent values of one key. */
export const MAX_SIBLINGS = 256;
/** How far ahead of one's own clock a stamp may be before it has to wait. */
export const MAX_CLOCK_AHEAD_US: Micros = seconds(60);
/** Nodes that keep a dormant death certificate. */
export const MAX_RETENTION_SITES = 16;
/** Peers that a delta log or inbox remembers the progress of; others get whole states. */
export const MAX_DELTA_PEERS = 1_024;
