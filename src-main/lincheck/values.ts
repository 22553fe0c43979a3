/** JSON values, compared by what they mean: as canonical text. */
import { MAX_VALUE_DEPTH } from "./limits.ts";

/** Why a value cannot be used, or `undefined`. */
export function problemOf(json: unknown, depth = 0): string | undefined {
  if (typeof json === "number") {
    if (!Number.isFinite(json)) return "a number is too large";
    if (!Number.isInteger(json) || Number.isSafeInteger(json)) return undefined;
    return "a whole number beyond ±(2^53 - 1) cannot be told from its neighbours: write it as text";
  }
  if (typeof json !== "object" || json === null) return undefined;
  if (depth === MAX_VALUE_DEPTH) return `a value is nested deeper than ${MAX_VALUE_DEPTH} levels`;
  for (const member of Object.values(json)) {
    const problem = problemOf(member, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** JSON with the members of objects in the order of their names, and without spaces. */
export function canonicalText(json: unknown): string {
  if (Array.isArray(json)) return `[${json.map(canonicalText).join(",")}]`;
  if (typeof json !== "object" || json === null) return JSON.stringify(json);
  const members = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${JSON.stringify(name)}:${canonicalText(one)}`).join(",")}}`;
}
