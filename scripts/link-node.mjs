// Runs after `npm install`, on whatever Node npm itself runs on, so it must stay plain JavaScript.
//
// Node comes as one optional dependency per platform, and all of them offer a program named `node`:
// npm 10 removes the right link again while it discards the wrong platforms. So the link is made
// here, and then asked for its version.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const NEEDED_MAJOR = 24;
const modules = join(dirname(fileURLToPath(import.meta.url)), "..", "node_modules");
const windows = process.platform === "win32";
const packageName = `node-${windows ? "win" : process.platform}-${process.arch}`;
const binary = join(modules, packageName, "bin", windows ? "node.exe" : "node");

/** Puts `node` into node_modules/.bin, where npm scripts look first. */
function link() {
  const folder = join(modules, ".bin");
  const target = relative(folder, binary);
  mkdirSync(folder, { recursive: true });
  for (const name of ["node", "node.cmd", "node.ps1"]) rmSync(join(folder, name), { force: true });
  if (windows) writeFileSync(join(folder, "node.cmd"), `@"%~dp0\\${target}" %*\r\n`);
  else symlinkSync(target, join(folder, "node"));
}

/** Major version of the given program, 0 when it does not run. */
function majorOf(program) {
  try {
    const version = execFileSync(program, ["--version"], { encoding: "utf8" });
    return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

if (existsSync(binary)) link();
const major = majorOf(existsSync(binary) ? binary : "node");
if (major < NEEDED_MAJOR) {
  process.stderr.write(
    `meshdeck needs Node ${NEEDED_MAJOR} or newer and found ${major || "none"}.\n` +
      `The optional dependency ${packageName} brings it where it exists: install again without\n` +
      "--omit=optional. Elsewhere install Node 24 and put it on PATH.\n",
  );
  process.exitCode = 1;
}
