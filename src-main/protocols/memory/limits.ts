/** Bounds of the eventual half: what a node keeps, and what one message may carry. */

export const MAX_NAMESPACES = 64;
export const MAX_NAMESPACE_BYTES = 64;
/** The same as that of a death certificate's key. */
export const MAX_KEY_BYTES = 512;
export const MAX_VALUE_BYTES = 16 * 1_024;
/** One key's whole state; what would become larger by merging is not merged. */
export const MAX_CELL_BYTES = 64 * 1_024;
/** Own writes to a register stop here: so many values at once nobody has ever looked at. */
export const MAX_OWN_SIBLINGS = 64;

/** Updates of one message, and about how many bytes; it ends with the one that goes beyond. */
export const MAX_UPDATES = 256;
export const UPDATES_BYTES = 60 * 1_024;

/** Pushes that wait for their acknowledgement; the oldest is given up for a newer one. */
export const MAX_UNACKED = 1_024;
/** Comparisons under way that this node began, and as many that others began with it. */
export const MAX_EXCHANGES = 16;
export const MAX_EXCHANGES_PER_PEER = 4;

/** What a certificate takes, roughly, beside its key. */
export const CERTIFICATE_BYTES = 200;
