/**
 * Saved runs in a folder, one file each: a line about the run, then the recording as it is. A file
 * is there whole or not at all, and what its check sum does not fit is told, not served.
 */
import { createHash, randomBytes } from "node:crypto";
import { createReadStream, existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { open, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { MeshError } from "#shared/contract/errors.ts";
import { type SavedRun, savedRunSchema } from "#shared/contract/inspection.ts";

export interface RunLibraryLimits {
  readonly runs: number;
  /** Of all runs together. */
  readonly bytes: number;
}

const LIMITS: RunLibraryLimits = { runs: 200, bytes: 2 * 1024 * 1024 * 1024 };
/** A text is held in memory as a whole. */
const MAX_RUN_BYTES = 400 * 1024 * 1024;
const MAX_HEADER_BYTES = 4_096;
const SUFFIX = ".run";
const UNFINISHED = ".part";
const KIND = "meshdeck-run";
const FORMAT = 1;

/** The first line of a run's file. */
interface RunHeader {
  readonly kind: typeof KIND;
  readonly version: typeof FORMAT;
  /** Of the text that follows. */
  readonly sha256: string;
  readonly run: SavedRun;
}

/** What is known of a run beside its text. */
export type RunSummary = Pick<SavedRun, "nodes" | "endsAt" | "consensus">;

export class RunLibrary {
  readonly #folder: string;
  readonly #limits: RunLibraryLimits;
  /** Listing, saving and deleting go one after the other, so that limits and lists hold. */
  #queue: Promise<unknown> = Promise.resolve();

  /**
   * Makes the folder, and clears away what an earlier host did not finish. Throws `MeshError`
   * "bad-options" where it cannot.
   */
  constructor(folder: string, limits: RunLibraryLimits = LIMITS) {
    this.#folder = folder;
    this.#limits = limits;
    try {
      if (!existsSync(folder)) mkdirSync(folder, { mode: 0o700 });
      for (const name of readdirSync(folder)) {
        if (name.endsWith(UNFINISHED)) rmSync(join(folder, name), { force: true });
      }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new MeshError("bad-options", `Runs cannot be kept in ${folder}: ${why}.`, { cause });
    }
  }

  /** Newest first. A run whose file cannot be read is listed under its file's name. */
  list(): Promise<readonly SavedRun[]> {
    return this.#alone(async () => {
      const runs = await Promise.all(this.#ids().map((id) => this.#describe(id)));
      return runs.toSorted((a, b) => b.savedMs - a.savedMs || (a.id < b.id ? -1 : 1));
    });
  }

  /** Throws `MeshError` "limit-reached", "too-large". */
  save(name: string, text: string, about: RunSummary & { savedMs: number }): Promise<SavedRun> {
    return this.#alone(async () => {
      const body = Buffer.from(text, "utf8");
      this.#requireRoom(body.length);
      const run = { id: this.#freeId(name), name, bytes: body.length, ...about };
      const sha256 = createHash("sha256").update(body).digest("hex");
      const header: RunHeader = { kind: KIND, version: FORMAT, sha256, run };
      const part = join(this.#folder, `${randomBytes(8).toString("hex")}${UNFINISHED}`);
      try {
        await writeWhole(part, [Buffer.from(`${JSON.stringify(header)}\n`), body]);
        await rename(part, this.#path(run.id));
      } catch (cause) {
        await rm(part, { force: true });
        throw unwritable(cause);
      }
      return run;
    });
  }

  /** Throws `MeshError` "unknown-run", "bad-recording", "version-mismatch". */
  async read(id: string): Promise<string> {
    const content = await readFile(this.#known(id));
    const lineEnd = content.subarray(0, MAX_HEADER_BYTES).indexOf(0x0a);
    const header = parseHeader(id, content.subarray(0, Math.max(0, lineEnd)).toString("utf8"));
    const body = content.subarray(lineEnd + 1);
    const sha256 = createHash("sha256").update(body).digest("hex");
    if (body.length !== header.run.bytes || sha256 !== header.sha256) throw damaged(id);
    return body.toString("utf8");
  }

  /** Throws `MeshError` "unknown-run". */
  delete(id: string): Promise<void> {
    return this.#alone(() => rm(this.#known(id)));
  }

  async #describe(id: string): Promise<SavedRun> {
    const { size, mtimeMs } = statSync(this.#path(id));
    try {
      const { run } = parseHeader(id, await firstLine(this.#path(id)));
      if (run.id === id && run.bytes <= size) return run;
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
    }
    const name = `${id} (damaged)`;
    return { id, name, savedMs: mtimeMs, bytes: size, nodes: 0, endsAt: 0, consensus: "none" };
  }

  #requireRoom(bytes: number): void {
    if (bytes > MAX_RUN_BYTES) {
      throw new MeshError("too-large", `A saved run may have ${MAX_RUN_BYTES} bytes at most.`);
    }
    const ids = this.#ids();
    if (ids.length >= this.#limits.runs) {
      const message = `${this.#limits.runs} runs are saved; delete one first.`;
      throw new MeshError("limit-reached", message);
    }
    const used = ids.reduce((sum, id) => sum + statSync(this.#path(id)).size, 0);
    if (used + bytes + MAX_HEADER_BYTES > this.#limits.bytes) {
      const message = `Saved runs may take ${this.#limits.bytes} bytes in all; delete some first.`;
      throw new MeshError("limit-reached", message);
    }
  }

  #ids(): readonly string[] {
    return readdirSync(this.#folder)
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => name.slice(0, -SUFFIX.length))
      .filter((id) => savedRunSchema.shape.id.safeParse(id).success);
  }

  #freeId(name: string): string {
    const dashed = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
    const base = dashed.replaceAll(/^-+|-+$/g, "").slice(0, 48) || "run";
    const taken = new Set(this.#ids());
    for (let suffix = 1; ; suffix += 1) {
      const id = suffix === 1 ? base : `${base}-${suffix}`;
      if (!taken.has(id)) return id;
    }
  }

  #known(id: string): string {
    const path = this.#path(id);
    if (savedRunSchema.shape.id.safeParse(id).success && existsSync(path)) return path;
    throw new MeshError("unknown-run", `There is no saved run "${id}"; it may have been deleted.`);
  }

  #path(id: string): string {
    return join(this.#folder, `${id}${SUFFIX}`);
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(work, work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

/** On the disk when it resolves. */
async function writeWhole(path: string, parts: readonly Buffer[]): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    for (const part of parts) await file.writeFile(part);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function firstLine(path: string): Promise<string> {
  const stream = createReadStream(path, { end: MAX_HEADER_BYTES - 1, encoding: "utf8" });
  let text = "";
  for await (const chunk of stream) text += String(chunk);
  return text.split("\n", 1)[0] ?? "";
}

function parseHeader(id: string, line: string): RunHeader {
  const { kind, version, sha256, run: about } = parseObject(line);
  if (kind === KIND && typeof version === "number" && version > FORMAT) {
    const message = `The run "${id}" was saved by a newer Meshdeck (format ${version}).`;
    throw new MeshError("version-mismatch", message);
  }
  const run = savedRunSchema.safeParse(about);
  const known = kind === KIND && version === FORMAT && typeof sha256 === "string";
  if (!known || !run.success) throw damaged(id);
  return { kind, version, sha256, run: run.data };
}

/** Empty where the line is no JSON object. */
function parseObject(line: string): { readonly [K in keyof RunHeader]?: unknown } {
  try {
    return { ...JSON.parse(line) };
  } catch {
    return {};
  }
}

function damaged(id: string): MeshError {
  const message = `The file of the run "${id}" is damaged; it is not what was saved.`;
  return new MeshError("bad-recording", message);
}

function unwritable(cause: unknown): MeshError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new MeshError("internal", `The run cannot be saved: ${why}.`, { cause });
}
