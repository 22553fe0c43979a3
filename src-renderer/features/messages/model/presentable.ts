import { cleanText } from "../../../ui/text.ts";

const MAX_LINES = 2_000;
const MAX_LINE = 2_000;

/** JSON from a mesh with its lines broken and its direction controls taken out, within bounds. */
export function presentable(json: string): string {
  const lines = broken(json).split("\n");
  const shown = lines.slice(0, MAX_LINES).map((line) => cleanText(line, MAX_LINE));
  return lines.length > MAX_LINES ? [...shown, "…"].join("\n") : shown.join("\n");
}

/** What was cut is no JSON any more: it stays as it came. */
function broken(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), undefined, 2) ?? json;
  } catch {
    return json;
  }
}
