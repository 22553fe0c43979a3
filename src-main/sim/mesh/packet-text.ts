/** What a message said, as JSON for people: binary fields as hex, and never longer than a bound. */

export const MAX_PACKET_TEXT = 65_536;
const INDENT = 2;
const CUT = "…";

export function packetText(value: unknown): string {
  const text = JSON.stringify(value, plain, INDENT) ?? "null";
  return text.length <= MAX_PACKET_TEXT ? text : text.slice(0, MAX_PACKET_TEXT - 1) + CUT;
}

/** Called with what `toJSON` left of a value; sets and maps would otherwise look empty. */
function plain(_key: string, value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return hex(value);
  }
  if (value instanceof Map) {
    return Object.fromEntries(value);
  }
  if (value instanceof Set) {
    return [...value];
  }
  return typeof value === "bigint" ? value.toString() : value;
}

function hex(bytes: Uint8Array): string {
  const shown = bytes.length * 2 > MAX_PACKET_TEXT ? bytes.subarray(0, MAX_PACKET_TEXT / 2) : bytes;
  return Array.from(shown, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
