/** What can be behind a namespace. */

/** `strong` goes through the agreed log and is only named here; the others are merged. */
export const MEMORY_MODES = ["strong", "register", "lww", "counter", "set"] as const;
export type MemoryMode = (typeof MEMORY_MODES)[number];
export type EventualMode = Exclude<MemoryMode, "strong">;

/** Of the machine that is behind a namespace: everything but what goes through the agreed log. */
export const EVENTUAL_MODES = ["register", "lww", "counter", "set"] as const satisfies MemoryMode[];
