/** What a tree may hold and what a message of an exchange may carry. */

/** Keys of one tree; a range with more wants to be split. */
export const MAX_TREE_KEYS = 2 ** 20;
export const MAX_LEAVES = 2 ** 20;
export const MIN_WIDTH = 8;
export const MAX_WIDTH = 256;
export const MAX_DEPTH = 4;
export const MAX_KEY_BYTES = 1_024;
/** Of a version as its owner writes it: a stamp, a clock, or a hash of a longer one. */
export const MAX_VERSION_BYTES = 1_024;
export const MAX_RANGE_BYTES = 256;
/** Hashes of one answer: 32 KiB. Nodes are asked for so many at a time that this suffices. */
export const MAX_HASHES_PER_MESSAGE = 1_024;
export const MAX_LEAVES_PER_LIST = 256;
export const MAX_ENTRIES_PER_MESSAGE = 512;
/** Of keys and versions in one message; a page ends with the entry that goes beyond. */
export const PAGE_BYTES = 64 * 1_024;
/** What one exchange takes from its peer before it stops and leaves the rest to the next one. */
export const MAX_LISTED_ENTRIES = 2 ** 17;
