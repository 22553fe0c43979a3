import { existsSync, statSync } from "node:fs";
import { filesBelow, ROOT } from "./files.ts";

/** Whether a build product is there and newer than every source it may depend on. */
export function isFresh(product: string, folders: readonly string[]): boolean {
  if (!existsSync(ROOT + product)) return false;
  const builtAt = statSync(ROOT + product).mtimeMs;
  const sources = folders.flatMap((folder) =>
    filesBelow(folder, /(?<!\.test)\.(tsx?|css|html|svg)$/),
  );
  const newer = (path: string): boolean => statSync(ROOT + path).mtimeMs > builtAt;
  return ![...sources, "package-lock.json", "vite.config.ts", "scripts/build.ts"].some(newer);
}
