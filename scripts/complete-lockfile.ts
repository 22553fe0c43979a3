/**
 * Adds to package-lock.json the optional packages of other platforms that npm left out, which it
 * does when the registry in use does not serve them. `npm ci` of npm 11 refuses a lockfile without
 * them; with them it installs only the platform's own. Run after every change of dependencies.
 */
import { readFileSync, writeFileSync } from "node:fs";

interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const OS_WORDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/darwin|macos/, "darwin"],
  [/win32/, "win32"],
  [/windows/, "win32"],
  [/linux/, "linux"],
  [/freebsd/, "freebsd"],
  [/android/, "android"],
  [/openharmony/, "openharmony"],
];
const CPU_WORDS: ReadonlyArray<readonly [RegExp, string]> = [
  [/arm64|aarch64/, "arm64"],
  [/x64|x86_64/, "x64"],
  [/ia32/, "ia32"],
  [/ppc64/, "ppc64"],
  [/riscv64/, "riscv64"],
  [/s390x/, "s390x"],
  [/arm/, "arm"],
];

function firstWord(name: string, words: ReadonlyArray<readonly [RegExp, string]>): string[] {
  const found = words.find(([pattern]) => pattern.test(name));
  return found === undefined ? [] : [found[1]];
}

/** The lock entry of a package named after the platform it is built for. */
function entryFor(name: string, version: string, dev: boolean): LockedPackage {
  const os = firstWord(name, OS_WORDS);
  const cpu = firstWord(name, CPU_WORDS);
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev }),
    ...(name.includes("musl") && { libc: ["musl"] }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

const file = new URL("../package-lock.json", import.meta.url);
const lock = JSON.parse(readFileSync(file, "utf8")) as { packages: Record<string, LockedPackage> };
let added = 0;
for (const [path, locked] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (lock.packages[nested] !== undefined) continue;
    const present = lock.packages[hoisted];
    if (present?.version === version || (present !== undefined && !/^\d/.test(version))) continue;
    if (!/^\d/.test(version)) continue;
    lock.packages[present === undefined ? hoisted : nested] = entryFor(
      name,
      version,
      locked.dev ?? false,
    );
    added += 1;
  }
}
const [root, ...rest] = Object.entries(lock.packages);
if (root === undefined) throw new Error("package-lock.json lists no packages");
rest.sort(([a], [b]) => a.localeCompare(b, "en"));
lock.packages = Object.fromEntries([root, ...rest]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} optional packages of other platforms added\n`);
