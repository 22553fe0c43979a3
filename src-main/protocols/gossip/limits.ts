/** Bounds of what may travel; decoding refuses more, so one message can never take much memory. */
export const MAX_PAYLOAD_BYTES = 16 * 1_024;
export const MAX_TOPIC_LENGTH = 128;
/** A UTF-16 unit takes at most three bytes of UTF-8. */
export const MAX_TOPIC_BYTES = 3 * MAX_TOPIC_LENGTH;
export const MAX_HOPS = 65_535;
/** One message: the first of these two limits that is reached ends it. */
export const MAX_COPIES = 256;
export const MAX_COPIES_BYTES = 60 * 1_024;
/** Ids in one `want` or `feedback`. */
export const MAX_IDS = 1_024;
/** Streams in one digest; a larger set is compared range by range. */
export const MAX_DIGEST_STREAMS = 128;
/** Gaps of one stream in a digest: the widest window. */
export const MAX_MISSING = 4_096;
