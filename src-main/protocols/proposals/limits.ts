/** Bounds of what may travel; decoding refuses more, so one message can never take much memory. */
export const MAX_TITLE_LENGTH = 128;
export const MAX_TEXT_LENGTH = 4_096;
export const MAX_REASON_LENGTH = 512;
/** A UTF-16 unit takes at most three bytes of UTF-8. */
export const BYTES_PER_UNIT = 3;
/** Members that one proposal may ask. */
export const MAX_ELECTORATE = 1_024;
/** Proposals held at once, and so lines of one digest. */
export const MAX_PROPOSALS = 256;
/** One message: the first of these two limits that is reached ends it. */
export const MAX_ITEMS = 256;
export const MAX_ITEMS_BYTES = 60 * 1_024;
export const MAX_SIGNATURE_BYTES = 128;
/** Shares are counted in whole ten-thousandths, so that every node computes alike. */
export const BASIS_POINTS = 10_000;
/** What one member can say about one proposal: three choices, three closings. */
export const SLOTS_PER_MEMBER = 6;
export const MAX_HAVE_BYTES = Math.ceil((MAX_ELECTORATE * SLOTS_PER_MEMBER) / 8);
/** Agreed memberships remembered, so that proposals called just before a change are still taken. */
export const MAX_ELECTORATES = 8;
