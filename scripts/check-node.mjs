// Runs after `npm install`, on whatever Node npm itself runs on, so it must stay plain JavaScript.
import { execFileSync } from "node:child_process";
import process from "node:process";

const NEEDED_MAJOR = 24;

/** Major version of the first `node` on PATH, where npm has put node_modules/.bin first. */
function majorOnPath() {
  try {
    const version = execFileSync("node", ["--version"], { encoding: "utf8" });
    return Number(/^v(\d+)\./.exec(version)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

const major = majorOnPath();
if (major < NEEDED_MAJOR) {
  process.stderr.write(
    `meshdeck needs Node ${NEEDED_MAJOR} or newer, and found ${major || "none"}.\n` +
      `On Linux and Windows the optional dependency node-${process.platform}-${process.arch} brings\n` +
      "it: install again without --omit=optional. Elsewhere install Node 24 and put it on PATH.\n",
  );
  process.exitCode = 1;
}
