/** Violations the checker must report: a check that has never failed proves nothing. */
import type { Problem } from "./check.ts";
import type { SourceText } from "./imports.ts";

export interface Planted {
  readonly title: string;
  readonly files: readonly SourceText[];
  /** The rules of the problems expected, in order; none for a text that is allowed. */
  readonly rules: readonly Problem["rule"][];
}

const one = (
  title: string,
  path: string,
  text: string,
  ...rules: readonly Problem["rule"][]
): Planted => ({ title, files: [{ path, text }], rules });

const KERNEL = "src-main/kernel/planted.ts";
const GOSSIP = "src-main/protocols/gossip/planted.ts";
const FEATURE = "src-renderer/features/logs/planted.ts";

const IMPORTS: readonly Planted[] = [
  { title: "nothing to check", files: [], rules: ["empty"] },
  one("a file outside every layer", "src-main/planted.ts", "", "layer"),
  one("kernel imports a protocol", KERNEL, 'import "#main/protocols/gossip/x.ts";', "layer"),
  one("a type-only import counts", KERNEL, 'import type { A } from "#main/node/x.ts";', "layer"),
  one("a re-export counts", KERNEL, 'export { a } from "../node/x.ts";', "layer"),
  one("a dynamic import counts", "src-main/gateway/x.ts", 'import("../host/x.ts");', "layer"),
  one("an import type counts", KERNEL, 'let a: import("../node/x.ts").A;', "layer"),
  one("a protocol imports its sibling", GOSSIP, 'import "../links/x.ts";', "family"),
  one("a feature imports its sibling", FEATURE, 'import "../faults/index.ts";', "family"),
  one(
    "a feature entered sideways",
    "src-renderer/app/x.ts",
    'import "../features/a/b.ts";',
    "index",
  ),
  one(
    "a feature entered by its index",
    "src-renderer/app/x.ts",
    'import "../features/a/index.ts";',
  ),
  one("renderer imports the host", FEATURE, 'import "#main/host/x.ts";', "layer"),
  one("a worker outside the layers", FEATURE, 'new URL("../b/w.ts", import.meta.url);', "family"),
  one(
    "gateway imports a source",
    "src-main/gateway/x.ts",
    'import "#main/sources/serf/x.ts";',
    "layer",
  ),
  one(
    "gateway imports the interface of sources",
    "src-main/gateway/x.ts",
    'import type { MeshSource } from "#main/sources/mesh-source.ts";',
  ),
  one("shell imports the host", "src-main/shell/x.ts", 'import "#main/host/x.ts";', "layer"),
  one("kernel imports Node", KERNEL, 'import "node:fs";', "package"),
  one("a package not listed", FEATURE, 'import { LineChart } from "recharts";', "package"),
  one("charts may import recharts", "src-renderer/charts/x.ts", 'import { Line } from "recharts";'),
  one(
    "ipcMain outside its module",
    "src-main/shell/x.ts",
    'import { ipcMain } from "electron";',
    "sole",
  ),
  {
    title: "a cycle of three files",
    files: [
      { path: "src-main/kernel/a.ts", text: 'import "./b.ts";' },
      { path: "src-main/kernel/b.ts", text: 'import "./c.ts";' },
      { path: "src-main/kernel/c.ts", text: 'import type { A } from "./a.ts";' },
    ],
    rules: ["cycle"],
  },
];

const IMPURE: readonly Planted[] = [
  "const t = Date.now();",
  "const r = Math.random();",
  'const r = Math["random"]();',
  "const t = performance.now();",
  "setTimeout(() => 1, 0);",
  "queueMicrotask(() => 1);",
  "const e = process.env;",
  "crypto.randomUUID();",
  "async function f() {}",
  "const p: Promise<void> = q;",
  "names.sort((a, b) => a.localeCompare(b));",
  "const d = globalThis;",
  "console.log(1);",
  "weak = new WeakRef(o);",
].map((text) => one(`core says ${text}`, KERNEL, text, "pure"));

const SHARED_IMPURE: readonly Planted[] = [
  "const t = Date.now();",
  "setTimeout(() => 1, 0);",
  "async () => { await fetch(a); }",
].map((text) => one(`shared code says ${text}`, "src-shared/rpc/planted.ts", text, "pure"));

const PURE: readonly Planted[] = [
  one("a member named like a clock", KERNEL, "const at = options.Date; const o = { process: 1 };"),
  one("a name of its own", KERNEL, "function f({ process }: A) { return process; }"),
  one("integer arithmetic", KERNEL, "const r = Math.floor(3 / 2);"),
  one("a shared module awaits a port", "src-shared/rpc/x.ts", "async () => { await p; }"),
  one("a test may await", "src-main/kernel/x.test.ts", "await run(); const t = Date.now();"),
  one("outside the core", "src-main/fabric/x.ts", "setTimeout(() => 1, 0);"),
];

export const PLANTED: readonly Planted[] = [...IMPORTS, ...IMPURE, ...SHARED_IMPURE, ...PURE];
