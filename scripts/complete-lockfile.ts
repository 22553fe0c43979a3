/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out, which it
 * does when the registry in use does not serve them. `npm ci` of npm 11 refuses a lockfile without
 * them; with them it installs only the platform's own. `npm run lock` runs it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { type LockedPackages, missingEntries } from "./lib/lockfile.ts";

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: LockedPackages };
const missing = missingEntries(lock.packages);
const paths = [...Object.keys(lock.packages), ...Object.keys(missing)];
paths.sort((a, b) => a.localeCompare(b, "en"));
lock.packages = Object.fromEntries(
  paths.map((path) => [path, lock.packages[path] ?? missing[path] ?? {}]),
);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${Object.keys(missing).length} packages of other platforms added\n`);
