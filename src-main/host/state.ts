/** A host's files, for entries that look at them without running a host. */
export { defaultDataFolder } from "#main/storage/data-folder.ts";
export { isLoopback } from "#main/gateway/origin.ts";
export { loadTokens, renewTokens, TOKENS_FILE } from "./tokens-file.ts";

/** Where the running host of a data folder tells its address. */
export const HOST_FILE = "host.json";
export const JOURNAL_FILE = "journal.db";
