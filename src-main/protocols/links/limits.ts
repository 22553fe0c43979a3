export const MAX_ZONE_BYTES = 256;
/** Links of one node: a star's hub in the largest mesh. */
export const MAX_NEIGHBOURS = 10_000;
export const MAX_ADVERTS = 256;
/** Neighbours named in one message, over all its adverts, unless a single advert has more. */
export const MAX_NEIGHBOURS_PER_MESSAGE = 2_000;
export const MAX_STAMPS = 512;
export const MAX_HOPS = 255;
