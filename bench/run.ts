/** `npm run bench [-- NAME…]`: runs the benchmarks whose name contains one of the words. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCommand } from "../scripts/lib/command.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));
const words = process.argv.slice(2);
const files = readdirSync(folder)
  .filter((name) => name.endsWith(".bench.ts"))
  .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
  .sort();
if (files.length === 0) {
  process.stderr.write(`no benchmark matches: ${words.join(" ")}\n`);
  process.exitCode = 2;
}
for (const file of files) {
  // One process each: a heap grown by one benchmark must not slow the next.
  const { code } = await runCommand("node", ["--expose-gc", folder + file], { inherit: true });
  if (code !== 0) process.exitCode = 1;
}
