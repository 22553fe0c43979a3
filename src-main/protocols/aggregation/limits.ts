/** Values that one machine aggregates side by side; decoding refuses more. */
export const MAX_METRICS = 8;
export const MAX_METRIC_LENGTH = 64;
/** Senders whose transfers are told apart within an epoch. */
export const MAX_SENDERS = 16_384;
