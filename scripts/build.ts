/**
 * `npm run build [-- TARGET…]`: the console for browser and window, and the bundles Electron runs.
 * Everything a bundle needs is inside it, so that a package ships no node_modules.
 */
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { build, type InlineConfig } from "vite";
import { ROOT } from "./lib/files.ts";

const EXTERNAL = ["electron", /^node:/, ...builtinModules];

const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as {
  readonly version: string;
};

interface Bundle {
  readonly entry: string;
  readonly outDir: string;
  readonly file: string;
  readonly format: "es" | "cjs";
}

/** One file for Node or Electron. */
function bundle({ entry, outDir, file, format }: Bundle): InlineConfig {
  return {
    configFile: false,
    root: ROOT,
    logLevel: "warn",
    publicDir: false,
    define: { MESHDECK_VERSION: JSON.stringify(version) },
    ssr: { noExternal: true, target: "node" },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: false,
      target: "node24",
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        external: EXTERNAL,
        output: { format, entryFileNames: file, codeSplitting: false },
      },
    },
  };
}

const TARGETS: Readonly<Record<string, InlineConfig>> = {
  renderer: { configFile: `${ROOT}vite.config.ts`, logLevel: "warn" },
  shell: bundle({
    entry: "src-main/shell/main.ts",
    outDir: "dist/shell",
    file: "main.js",
    format: "es",
  }),
  preload: bundle({
    entry: "src-main/shell/preload.ts",
    outDir: "dist/shell",
    file: "preload.cjs",
    format: "cjs",
  }),
  host: bundle({
    entry: "src-main/daemon/utility.ts",
    outDir: "dist/host",
    file: "utility.js",
    format: "es",
  }),
};

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(TARGETS)) {
  const config = TARGETS[name];
  if (config === undefined) throw new Error(`no such target: ${name}`);
  const started = performance.now();
  await build(config);
  process.stdout.write(`built ${name} in ${Math.round(performance.now() - started)} ms\n`);
}
