/**
 * Text that came from a mesh is untrusted: it may be endless, or turn the reading direction of what
 * follows it. Everything shown of it passes through here and is then rendered as text.
 */
const BIDI_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// Control characters other than tab; line breaks too: a line is a line.
const CONTROLS = /(?!\t)\p{Cc}/gu;

/** One line without direction or control characters, at most `max` code points. */
export function cleanText(text: string, max = 1_000): string {
  // Two code units make at most one code point; cutting first keeps a hostile megabyte cheap.
  const head = text.length > max * 2 ? text.slice(0, max * 2) : text;
  const clean = head.replace(BIDI_CONTROLS, "").replace(CONTROLS, " ");
  if (clean.length <= max && head.length === text.length) return clean;
  const points = Array.from(clean);
  if (points.length <= max && head.length === text.length) return clean;
  return `${points.slice(0, Math.max(0, max - 1)).join("")}…`;
}
