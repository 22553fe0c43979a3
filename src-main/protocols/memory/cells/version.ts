import { hex, sha256 } from "#main/kernel/sha256.ts";

/** What an event may carry as a version. */
const MAX_VERSION_TEXT = 256;
const encoder = new TextEncoder();

/** The parts, or a digest of them where they are too many to be read anyway. */
export function versionText(parts: readonly string[]): string {
  const text = parts.join(" ");
  return text.length <= MAX_VERSION_TEXT ? text : hex(sha256(encoder.encode(text))).slice(0, 16);
}
