/** Scenario files from disk: YAML into a checked scenario; problems name the file and the line. */
import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { isNode, LineCounter, parse, parseDocument, stringify } from "yaml";
import { type ErrorCode, MeshError } from "#shared/contract/errors.ts";
import { parseScenario, type Scenario } from "#shared/scenario/scenario.ts";

const MAX_FILE_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
/** In place of a path. */
const STANDARD_INPUT = "-";
const WAIT_MS = 10;
/** A file that names one piece of itself more often than this means to blow up. */
const MAX_ALIASES = 100;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not read it",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file",
};

/** Throws `MeshError` "bad-scenario". */
export function readScenario(path: string): Scenario {
  return scenarioFromYaml(readScenarioText(path), path);
}

/** For who needs the text again: standard input can be read only once. */
export function readScenarioText(path: string): string {
  return readTextFile(path, MAX_FILE_BYTES, "bad-scenario");
}

/**
 * The same scenario with these steps of it alone (places from 1) and another seed; comments are
 * lost. `text` is known to be a scenario.
 */
export function yamlWithSteps(text: string, places: readonly number[], seed: number): string {
  const fields = parse(text, { maxAliasCount: MAX_ALIASES }) as { readonly steps?: unknown[] };
  const steps = fields.steps?.filter((_, index) => places.includes(index + 1)) ?? [];
  return stringify({ ...fields, seed, steps }, { aliasDuplicateObjects: false });
}

export function scenarioFromYaml(text: string, path: string): Scenario {
  const lines = new LineCounter();
  const document = parseYaml(text, lines);
  const [syntax] = [...document.errors, ...document.warnings];
  if (syntax !== undefined) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    throw new MeshError("bad-scenario", `${path}:${line}:${col}: ${firstSentence(syntax.message)}`);
  }
  const locate = (keys: readonly (string | number)[]): number | undefined => {
    for (let depth = keys.length; depth >= 0; depth -= 1) {
      const node = document.getIn(keys.slice(0, depth), true);
      if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  if (document.contents === null) {
    throw new MeshError("bad-scenario", `${path}: the file is empty.`);
  }
  try {
    return parseScenario(toValue(document), locate);
  } catch (error) {
    throw error instanceof MeshError ? namedError(error, path) : error;
  }
}

/** Throws `MeshError` with this code when the file is missing, too large or no text. */
export function readTextFile(path: string, maxBytes: number, code: ErrorCode): string {
  try {
    const bytes = readUpTo(path, maxBytes + 1);
    if (bytes.length > maxBytes) {
      throw new MeshError(code, `${path} is too large: at most ${maxBytes} bytes are read.`);
    }
    if (!isUtf8(bytes)) throw new MeshError(code, `${path} cannot be read: it is not UTF-8 text.`);
    return bytes.toString("utf8");
  } catch (error) {
    if (error instanceof MeshError) throw error;
    throw new MeshError(code, `${path} cannot be read: ${reason(error)}.`, { cause: error });
  }
}

/** A pipe or a device may keep its reader waiting for ever: only standard input may do that. */
function readUpTo(path: string, maxBytes: number): Buffer {
  if (path === STANDARD_INPUT) return readAll(0, maxBytes);
  const file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const kind = fstatSync(file);
    if (!kind.isFile()) {
      throw new Error(kind.isDirectory() ? "it is a folder" : "it is no file but a pipe or device");
    }
    return readAll(file, maxBytes);
  } finally {
    closeSync(file);
  }
}

function readAll(file: number, maxBytes: number): Buffer {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < maxBytes) {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, maxBytes - total));
    const count = readNow(file, chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    total += count;
  }
  return Buffer.concat(chunks);
}

/** Standard input may be set so that reading does not wait; then this does. */
function readNow(file: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(file, chunk);
    } catch (error) {
      if (!(error instanceof Error && "code" in error)) throw error;
      if (error.code === "EOF") return 0;
      if (error.code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
    }
  }
}

function parseYaml(text: string, lineCounter: LineCounter): ReturnType<typeof parseDocument> {
  return parseDocument(text, { lineCounter, prettyErrors: false, logLevel: "error" });
}

function toValue(document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    const message = "the file refers to parts of itself too often.";
    throw new MeshError("bad-scenario", message, { cause });
  }
}

/** The same problem, told with the file it is in. */
export function namedError(error: MeshError, path: string): MeshError {
  const details = { ...error.details, path };
  return new MeshError(error.code, `${path}: ${error.message}`, { details, cause: error });
}

function firstSentence(text: string): string {
  // The parser goes down one call a level.
  if (text.startsWith("Maximum call stack")) return "lists or keys are nested too deep";
  if (text.startsWith("Source contains multiple")) return "a second document begins";
  return text.split("\n", 1)[0]?.slice(0, 200) ?? "";
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message;
}
