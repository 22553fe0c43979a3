/** Checks a set of source texts against the table of layers; knows nothing of the disk. */
import { posix } from "node:path";
import { type ImportFound, importsOf, parse, type SourceText } from "./imports.ts";
import { impuritiesOf } from "./purity.ts";
import { LAYERS, type Layer, SOLE_IMPORTERS } from "./table.ts";

export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly rule: "layer" | "package" | "family" | "index" | "pure" | "sole" | "cycle" | "empty";
  readonly message: string;
}

const ALIASES: ReadonlyArray<readonly [string, string]> = [
  ["#shared/", "src-shared/"],
  ["#main/", "src-main/"],
  ["#renderer/", "src-renderer/"],
];

const within = (path: string, folder: string): boolean =>
  path === folder || path.startsWith(`${folder}/`);

/** Tests, and what only tests use: conformance suites and test kits. */
const isTest = (path: string): boolean =>
  /(\.test\.tsx?|-conformance\.ts|-testkit\.tsx?)$/.test(path) ||
  /\/(conformance|testkit)\//.test(path);

export function layerOf(path: string): Layer | undefined {
  let best: Layer | undefined;
  for (const layer of LAYERS) {
    if (within(path, layer.folder) && layer.folder.length > (best?.folder.length ?? 0))
      best = layer;
  }
  return best;
}

/** The member of a family that a path belongs to: `gossip` of `src-main/protocols/gossip/x.ts`. */
function memberOf(path: string, layer: Layer): string | undefined {
  const rest = path.slice(layer.folder.length + 1);
  return rest.includes("/") ? rest.slice(0, rest.indexOf("/")) : undefined;
}

/** The repository path an import leads to, undefined for a package. */
export function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) {
    return posix.normalize(posix.join(posix.dirname(from), specifier.replace(/\?.*$/, "")));
  }
  const alias = ALIASES.find(([prefix]) => specifier.startsWith(prefix));
  return alias === undefined ? undefined : alias[1] + specifier.slice(alias[0].length);
}

function packageName(specifier: string): string {
  if (specifier.startsWith("node:")) return "node:";
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

/** What tests may import besides what their layer may. */
const TEST_PACKAGES: ReadonlySet<string> = new Set(["vitest", "fast-check", "node:", "yaml"]);

function checkPackage(path: string, layer: Layer, found: ImportFound): Problem | undefined {
  const name = packageName(found.specifier);
  if (isTest(path) && TEST_PACKAGES.has(name)) return undefined;
  if (!layer.packages.includes(name)) {
    const message = `${layer.folder} must not import the package ${name}`;
    return { path, line: found.line, rule: "package", message };
  }
  const guard = SOLE_IMPORTERS.find(
    (sole) => sole.from === name && found.names.includes(sole.name) && sole.file !== path,
  );
  if (guard === undefined) return undefined;
  const message = `only ${guard.file} may import ${guard.name}`;
  return { path, line: found.line, rule: "sole", message };
}

function checkInside(path: string, layer: Layer, found: ImportFound, target: string) {
  const there = layerOf(target);
  const at = { path, line: found.line };
  if (there === undefined) {
    return { ...at, rule: "layer", message: `${target} belongs to no layer` } as const;
  }
  if (there === layer) {
    const [mine, theirs] = [memberOf(path, layer), memberOf(target, layer)];
    if (layer.family === undefined || mine === theirs || theirs === undefined) return undefined;
    if (mine === undefined) return undefined;
    const message = `${mine} and ${theirs} are siblings and must not import each other`;
    return { ...at, rule: "family", message } as const;
  }
  if (!layer.layers.some((folder) => within(target, folder))) {
    const message = `${layer.folder} must not import ${target}`;
    return { ...at, rule: "layer", message } as const;
  }
  const whole = there.index === undefined || memberOf(target, there) === undefined;
  if (whole || /\/index\.tsx?$/.test(target)) return undefined;
  return { ...at, rule: "index", message: `import ${there.folder} through index.ts` } as const;
}

/** Import cycles, each reported once, at the file where the search closed it. */
function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): readonly Problem[] {
  const state = new Map<string, "open" | "done">();
  const trail: string[] = [];
  const problems: Problem[] = [];
  const visit = (path: string): void => {
    state.set(path, "open");
    trail.push(path);
    for (const next of graph.get(path) ?? []) {
      if (state.get(next) === "open") {
        const loop = [...trail.slice(trail.indexOf(next)), next];
        problems.push({ path, line: 1, rule: "cycle", message: loop.join(" -> ") });
      } else if (!state.has(next)) {
        visit(next);
      }
    }
    trail.pop();
    state.set(path, "done");
  };
  for (const path of graph.keys()) if (!state.has(path)) visit(path);
  return problems;
}

export function checkSources(files: readonly SourceText[]): readonly Problem[] {
  if (files.length === 0) {
    return [{ path: ".", line: 1, rule: "empty", message: "no source file was found to check" }];
  }
  const known = new Set(files.map((file) => file.path));
  const graph = new Map<string, readonly string[]>();
  const problems: Problem[] = [];
  for (const file of files) {
    const layer = layerOf(file.path);
    if (layer === undefined) {
      const message = "the file belongs to no layer of scripts/layers/table.ts";
      problems.push({ path: file.path, line: 1, rule: "layer", message });
      continue;
    }
    const source = parse(file);
    const edges: string[] = [];
    for (const found of importsOf(source)) {
      const target = resolveImport(file.path, found.specifier);
      const problem =
        target === undefined
          ? checkPackage(file.path, layer, found)
          : checkInside(file.path, layer, found, target);
      if (problem !== undefined) problems.push(problem);
      if (target !== undefined && known.has(target)) edges.push(target);
    }
    graph.set(file.path, edges);
    if (layer.pure !== undefined && !isTest(file.path)) {
      for (const { line, what } of impuritiesOf(source, layer.pure)) {
        const message = `${what} is forbidden in the deterministic core`;
        problems.push({ path: file.path, line, rule: "pure", message });
      }
    }
  }
  return [...problems, ...cyclesIn(graph)];
}
