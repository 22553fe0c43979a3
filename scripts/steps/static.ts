import { existsSync, readFileSync } from "node:fs";
import { ROOT } from "../lib/files.ts";
import { type LockedPackages, missingEntries, resolvedEntries } from "../lib/lockfile.ts";
import { type Step, type StepResult, sum, verdict } from "./step.ts";

export const PROJECTS = ["shared", "core", "main", "shell", "renderer", "tests"] as const;

const CACHE = "node_modules/.cache/types";

/** Each project sees only the library and types its layer may use, so each is checked alone. */
export async function checkTypes(): Promise<StepResult> {
  const results: StepResult[] = [];
  const waiting = [...PROJECTS];
  const worker = async (): Promise<void> => {
    for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
      const info = `${CACHE}/${project}.tsbuildinfo`;
      const args = ["-p", `tsconfig.${project}.json`, "--incremental", "--tsBuildInfoFile", info];
      results.push(await verdict("tsc", args));
    }
  };
  await Promise.all([worker(), worker()]);
  return sum(results);
}

/** Licences whose texts allow use in an MIT-licensed program, alone or as the chosen alternative. */
const COMPATIBLE = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC-BY-3.0",
  "CC-BY-4.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "Python-2.0",
  "Unlicense",
  "WTFPL",
  "Zlib",
]);

interface Manifest {
  readonly license?: string | { readonly type?: string };
  readonly licenses?: ReadonlyArray<{ readonly type?: string }>;
}

function licenceOf(manifest: Manifest): string {
  if (typeof manifest.license === "string") return manifest.license;
  return (
    manifest.license?.type ?? manifest.licenses?.map(({ type }) => type).join(" OR ") ?? "none"
  );
}

/** Whether an SPDX expression of AND, OR and WITH leaves only compatible licences. */
export function isCompatible(expression: string): boolean {
  const bare = expression.replaceAll(/[()*]/g, "").trim();
  return bare
    .split(/\s+OR\s+/)
    .some((choice) => choice.split(/\s+AND\s+/).every((name) => COMPATIBLE.has(name.trim())));
}

function lockedPackages(): LockedPackages {
  const text = readFileSync(`${ROOT}package-lock.json`, "utf8");
  return (JSON.parse(text) as { readonly packages: LockedPackages }).packages;
}

function checkLockfile(): StepResult {
  const packages = lockedPackages();
  const wrong = [
    ...Object.keys(missingEntries(packages)).map((path) => `${path}: missing, npm run lock`),
    ...resolvedEntries(packages).map((path) => `${path}: names a registry, npm run lock`),
  ];
  return verdictOf(wrong);
}

function verdictOf(wrong: readonly string[]): StepResult {
  return wrong.length === 0
    ? { passed: 1, failed: 0, output: "" }
    : { passed: 0, failed: 1, output: wrong.join("\n") };
}

function checkLicences(): StepResult {
  const paths = Object.keys(lockedPackages()).filter(
    (path) => path !== "" && existsSync(`${ROOT}${path}/package.json`),
  );
  const wrong = paths.flatMap((path) => {
    const text = readFileSync(`${ROOT}${path}/package.json`, "utf8");
    const licence = licenceOf(JSON.parse(text) as Manifest);
    return isCompatible(licence) ? [] : [`${path}: ${licence}`];
  });
  if (paths.length === 0) wrong.push("no installed package was found to check");
  return verdictOf(wrong);
}

export const STATIC_STEPS: readonly Step[] = [
  { name: "types", about: "TypeScript, one project per layer", run: checkTypes },
  {
    name: "lint",
    about: "oxlint with type information",
    run: () => verdict("oxlint", ["--type-aware", "--deny-warnings"]),
  },
  { name: "format", about: "Biome's formatter", run: () => verdict("biome", ["format"]) },
  {
    name: "unused",
    about: "files, exports and packages nobody uses",
    run: () => verdict("knip", []),
  },
  {
    name: "lockfile",
    about: "complete for every platform and every registry",
    run: () => Promise.resolve(checkLockfile()),
  },
  {
    name: "licences",
    about: "licences of all installed packages",
    run: () => Promise.resolve(checkLicences()),
  },
];
