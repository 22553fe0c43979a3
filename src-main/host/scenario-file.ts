/** Scenario files from disk: YAML into a checked scenario; problems name the file and the line. */
import { isUtf8 } from "node:buffer";
import { readFileSync, statSync } from "node:fs";
import { isNode, LineCounter, parseDocument } from "yaml";
import { type ErrorCode, MeshError } from "#shared/contract/errors.ts";
import { parseScenario, type Scenario } from "#shared/scenario/scenario.ts";

const MAX_FILE_BYTES = 1024 * 1024;
/** A file that names one piece of itself more often than this means to blow up. */
const MAX_ALIASES = 100;

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user may not read it",
  EISDIR: "it is a folder",
  ENOENT: "there is no such file",
};

/** Throws `MeshError` "bad-scenario". */
export function readScenario(path: string): Scenario {
  return scenarioFromYaml(readTextFile(path, MAX_FILE_BYTES, "bad-scenario"), path);
}

export function scenarioFromYaml(text: string, path: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: "silent",
  });
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
  try {
    return parseScenario(toValue(document, path), locate);
  } catch (error) {
    throw error instanceof MeshError ? named(error, path) : error;
  }
}

/** Throws `MeshError` with this code when the file is missing, too large or no text. */
export function readTextFile(path: string, maxBytes: number, code: ErrorCode): string {
  try {
    const { size } = statSync(path);
    if (size > maxBytes) {
      const message = `${path} is too large: ${size} bytes, at most ${maxBytes} are read.`;
      throw new MeshError(code, message);
    }
    const bytes = readFileSync(path);
    if (!isUtf8(bytes)) throw new MeshError(code, `${path} cannot be read: it is not UTF-8 text.`);
    return bytes.toString("utf8");
  } catch (error) {
    if (error instanceof MeshError) throw error;
    throw new MeshError(code, `${path} cannot be read: ${reason(error)}.`, { cause: error });
  }
}

function toValue(document: ReturnType<typeof parseDocument>, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    const message = `${path}: the file refers to parts of itself too often.`;
    throw new MeshError("bad-scenario", message, { cause });
  }
}

function named(error: MeshError, path: string): MeshError {
  const details = { ...error.details, path };
  return new MeshError(error.code, `${path}: ${error.message}`, { details, cause: error });
}

function firstSentence(text: string): string {
  return text.split("\n", 1)[0]?.slice(0, 200) ?? "";
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return REASONS[code] ?? error.message;
}
