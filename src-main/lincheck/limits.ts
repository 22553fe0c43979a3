/** How large a history may be. What is beyond is refused with the limit's name and value. */

/** Bytes of a history file: more would not fit in memory together with the search. */
export const MAX_HISTORY_BYTES = 64 * 1024 * 1024;
/** UTF-16 units of one line; a read of a whole set is one line. */
export const MAX_LINE_CHARS = 1024 * 1024;
/** Operations of a history; each is an invocation and mostly a completion. */
export const MAX_OPERATIONS = 250_000;
/** UTF-16 units of a key or of a process's name. */
export const MAX_NAME_CHARS = 256;
/** Nesting of a value. */
export const MAX_VALUE_DEPTH = 16;

/** Search steps for a whole history unless told otherwise; a minute or two of one core. */
export const DEFAULT_MAX_STEPS = 20_000_000;
/** Steps between two looks at the clock; some tens of milliseconds. */
export const SLICE_STEPS = 20_000;
/** Words of 32 bits in which all searches together remember where they have been: 256 MiB. */
export const MAX_MEMO_WORDS = 64 * 1024 * 1024;

/** Keys whose offending window is looked for; the verdict is given for all. */
export const MAX_WINDOWS = 3;
/** Search steps for making the window of one key small. */
export const MAX_SHRINK_STEPS = 5_000_000;
/** Search steps for one look at a smaller window; what takes longer is left in. */
export const MAX_TRIAL_STEPS = 200_000;
/** Results tried to tell what an operation could have seen instead. */
export const MAX_ALTERNATIVES = 64;
