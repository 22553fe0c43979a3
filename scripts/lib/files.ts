import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "dist", "test-results", ".git"]);

/** Paths from the root, with forward slashes, of all files below the folder that match. */
export function filesBelow(folder: string, pattern: RegExp): readonly string[] {
  const found: string[] = [];
  const walk = (path: string): void => {
    for (const entry of readdirSync(`${ROOT}${path}`, { withFileTypes: true })) {
      const child = `${path}/${entry.name}`;
      if (entry.isDirectory()) {
        if (!SKIPPED.has(entry.name)) walk(child);
      } else if (pattern.test(entry.name)) {
        found.push(child);
      }
    }
  };
  walk(folder);
  return found.sort();
}
