/** Bounds of what may travel or be stored; decoding refuses more. */
import { MAX_COMMAND_BYTES as LARGEST_SESSION_COMMAND } from "#main/kernel/sessions.ts";

/** Members of one group: the table of who holds what has a row and a column for each. */
export const MAX_MEMBERS = 128;
/** Largest command that can be configured: a session's, and room for what wraps it. */
export const MAX_COMMAND_BYTES = LARGEST_SESSION_COMMAND + 1_024;
/** Proposals in one message or record; bytes are limited by `messageBytes`. */
export const MAX_PROPOSALS = 1_024;
/** Proposals that a checkpoint carries: the window of every member. */
export const MAX_RETAINED = 65_536;
/** Lamport times, indices and sequences stay far below where adding one could fail. */
export const MAX_COUNTER = 2 ** 48;
/** Bytes of one piece of a checkpoint under way. */
export const CHUNK_BYTES = 48 * 1_024;
/** Largest checkpoint that is transferred. */
export const MAX_BASE_BYTES = 64 * 1_024 * 1_024;
/** Hexadecimal digits of a digest. */
export const DIGEST_LENGTH = 16;
