/** What `npm ci` of npm 11 wants of package-lock.json and some registries do not let npm write. */

export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

type Words = ReadonlyArray<readonly [RegExp, string]>;

const OS_WORDS: Words = [
  [/darwin|macos/, "darwin"],
  [/win32|windows/, "win32"],
  [/linux/, "linux"],
  [/freebsd/, "freebsd"],
  [/android/, "android"],
  [/openharmony/, "openharmony"],
];
const CPU_WORDS: Words = [
  [/arm64|aarch64/, "arm64"],
  [/x64|x86_64/, "x64"],
  [/ia32/, "ia32"],
  [/ppc64/, "ppc64"],
  [/riscv64/, "riscv64"],
  [/s390x/, "s390x"],
  [/arm/, "arm"],
];

function firstWord(name: string, words: Words): readonly string[] {
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

/** Entries for the optional packages of other platforms that the lockfile names but lacks. */
export function missingEntries(packages: LockedPackages): LockedPackages {
  const missing: Record<string, LockedPackage> = {};
  for (const [path, locked] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
      const hoisted = `node_modules/${name}`;
      const nested = path === "" ? hoisted : `${path}/${hoisted}`;
      if (packages[nested] !== undefined) continue;
      const present = packages[hoisted] ?? missing[hoisted];
      // A range is satisfied by what npm hoisted; only an exact version can be told apart.
      const exact = /^\d/.test(version);
      if (!exact || present?.version === version) continue;
      const at = present === undefined ? hoisted : nested;
      missing[at] = entryFor(name, version, locked.dev ?? false);
    }
  }
  return missing;
}

/** Entries that name the address they came from, which another registry does not share. */
export function resolvedEntries(packages: LockedPackages): readonly string[] {
  return Object.keys(packages).filter((path) => packages[path]?.resolved !== undefined);
}
