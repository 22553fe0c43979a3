/** Bounds of what may travel; decoding refuses more, so one message can never take much memory. */
import { MAX_COMMAND_BYTES } from "#main/kernel/sessions.ts";

/** Members of a group. Rounds cost n² messages, view changes n³ signatures. */
export const MAX_REPLICAS = 64;
/** Sequence numbers between the low and the high watermark. */
export const MAX_WINDOW = 4_096;
export const MAX_BATCH = 1_024;
/** What a request's payload and its operation byte may take together. */
export const MAX_PAYLOAD_BYTES = MAX_COMMAND_BYTES - 16;
export const DIGEST_BYTES = 32;
/** Pages of a state, and the bytes of the largest one. */
export const MAX_PAGES = 8_192;
export const MAX_PAGE_BYTES = 256 * 1024;
/** Slots that one status tells of, and batches that it asks for. */
export const MAX_STATUS_SLOTS = 32;
export const MAX_WANTED = 16;
/** Votes that are kept for views not entered yet, per sender. */
export const MAX_EARLY_VOTES = 256;
/** Votes against the proposal that a replica passes on, per voter and view. */
export const MAX_EXPOSED_VOTES = 8;
/** Batches kept for one sequence number: one per view that got as far as a pre-prepare. */
export const MAX_BATCHES_PER_SLOT = 8;
/** Proofs of misbehaviour kept; later ones are only counted. */
export const MAX_EVIDENCE = 64;
/** Nodes whose latest client life is remembered. */
export const MAX_CLIENT_NODES = 4_096;
