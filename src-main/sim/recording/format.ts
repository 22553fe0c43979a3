/**
 * A run as one text file: JSON lines. A header, the commands as they were given, the events in
 * order, and a last line that closes the account. Commands and seed are enough to do it all again
 * (`replay`); the events are there for those who only want to look.
 */
import { z } from "zod";
import { meshCommandSchema } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { type MeshEvent, parseMeshEvent } from "#shared/contract/events.ts";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { countSchema, microsSchema } from "#shared/contract/primitives.ts";

export const RECORDING_VERSION = 1;
/** Larger files are refused before they are read line by line. */
export const MAX_RECORDING_CHARS = 512 * 1024 * 1024;
const MAX_LINE_CHARS = 4 * 1024 * 1024;
const MAX_PROBLEM_CHARS = 200;

const headerSchema = z.strictObject({
  kind: z.literal("meshdeck-recording"),
  version: z.literal(RECORDING_VERSION),
  /** Version of the program that made it; another one may replay it differently. */
  build: z.string().max(64),
  options: meshOptionsSchema,
});

/** Given after `steps` events of the world, at virtual time `at`. */
const commandSchema = z.strictObject({
  kind: z.literal("command"),
  steps: countSchema,
  at: microsSchema,
  actor: z.string().max(128),
  command: meshCommandSchema,
});

const endSchema = z.strictObject({
  kind: z.literal("end"),
  /** Where the run was when it was saved. */
  steps: countSchema,
  at: microsSchema,
  /** Of everything that happened, see `TraceHash`. */
  hash: z.string().regex(/^[0-9a-f]{16}$/),
  commands: countSchema,
  events: countSchema,
});

export type RecordingHeader = z.infer<typeof headerSchema>;
export type RecordedCommand = z.infer<typeof commandSchema>;
export type RecordingEnd = z.infer<typeof endSchema>;

export interface Recording {
  readonly header: RecordingHeader;
  readonly commands: readonly RecordedCommand[];
  readonly events: readonly MeshEvent[];
  readonly end: RecordingEnd;
}

/** The file's text, a line at a time, each with its line break. */
export function* recordingLines(recording: Recording): Generator<string> {
  yield `${JSON.stringify(recording.header)}\n`;
  for (const command of recording.commands) {
    yield `${JSON.stringify(command)}\n`;
  }
  for (const event of recording.events) {
    yield `${JSON.stringify({ kind: "event", event })}\n`;
  }
  yield `${JSON.stringify(recording.end)}\n`;
}

export function formatRecording(recording: Recording): string {
  return [...recordingLines(recording)].join("");
}

/** Throws `MeshError` "bad-recording" that names the line, or "version-mismatch". */
export function parseRecording(text: string): Recording {
  if (text.length > MAX_RECORDING_CHARS) {
    throw new MeshError(
      "too-large",
      `the recording has more than ${MAX_RECORDING_CHARS} characters`,
    );
  }
  return new RecordingParser().parse(text);
}

/** First and last line of a recording that was made here, the rest unread. */
export function parseRecordingEnds(text: string): Pick<Recording, "header" | "end"> {
  return new RecordingParser().parseEnds(text);
}

class RecordingParser {
  #line = 0;

  parseEnds(text: string): Pick<Recording, "header" | "end"> {
    this.#line = 1;
    const header = this.#header(this.#json(text.slice(0, Math.max(0, text.indexOf("\n")))));
    const trimmed = text.trimEnd();
    const last = trimmed.slice(trimmed.lastIndexOf("\n") + 1);
    const end = this.#checked(() => endSchema.parse(this.#json(last)));
    return { header, end };
  }

  parse(text: string): Recording {
    const commands: RecordedCommand[] = [];
    const events: MeshEvent[] = [];
    let header: RecordingHeader | undefined;
    let end: RecordingEnd | undefined;
    for (const line of linesOf(text)) {
      this.#line++;
      if (line === "") {
        continue;
      }
      if (end !== undefined) {
        throw this.#bad("there is more after the end");
      }
      const value = this.#json(line);
      if (header === undefined) {
        header = this.#header(value);
        continue;
      }
      const kind = kindOf(value);
      if (kind === "command" && events.length === 0) {
        commands.push(this.#checked(() => commandSchema.parse(value)));
      } else if (kind === "event") {
        events.push(this.#event(value, events.at(-1)));
      } else if (kind === "end") {
        end = this.#checked(() => endSchema.parse(value));
      } else {
        throw this.#bad("expected a command, an event or the end");
      }
    }
    if (header === undefined || end === undefined) {
      this.#line++;
      throw this.#bad("the file ends early; it was cut off");
    }
    if (end.commands !== commands.length || end.events !== events.length) {
      const counts = `${commands.length} commands and ${events.length} events`;
      throw this.#bad(`${counts} are there, ${end.commands} and ${end.events} were recorded`);
    }
    return { header, commands, events, end };
  }

  #header(value: unknown): RecordingHeader {
    if (kindOf(value) !== "meshdeck-recording") {
      throw this.#bad("this is no Meshdeck recording");
    }
    const version = (value as { readonly version?: unknown }).version;
    if (version !== RECORDING_VERSION) {
      const message = `the recording has format ${String(version)}, this build reads ${RECORDING_VERSION}`;
      throw new MeshError("version-mismatch", message);
    }
    return this.#checked(() => headerSchema.parse(value));
  }

  #event(value: unknown, previous: MeshEvent | undefined): MeshEvent {
    const raw = (value as { readonly event?: unknown }).event;
    const event = this.#checked(() => parseMeshEvent(raw));
    if (event.seq !== (previous?.seq ?? event.seq - 1) + 1 || event.at < (previous?.at ?? 0)) {
      throw this.#bad(`event ${event.seq} does not follow the one before`);
    }
    return event;
  }

  #json(line: string): unknown {
    if (line.length > MAX_LINE_CHARS) {
      throw this.#bad("the line is too long");
    }
    try {
      return JSON.parse(line);
    } catch {
      throw this.#bad("not JSON; the file is damaged or was cut off");
    }
  }

  #checked<T>(parse: () => T): T {
    try {
      return parse();
    } catch (error) {
      if (!(error instanceof z.ZodError)) {
        throw error;
      }
      const [issue] = error.issues;
      const where = (issue?.path ?? []).map((key) => `${String(key)}: `).join("");
      throw this.#bad(where + (issue?.message ?? "it cannot be read"));
    }
  }

  #bad(problem: string): MeshError {
    const line = this.#line;
    const message = `line ${line}: ${problem.slice(0, MAX_PROBLEM_CHARS)}`;
    return new MeshError("bad-recording", message, { details: { line } });
  }
}

function* linesOf(text: string): Generator<string> {
  let start = 0;
  while (start < text.length) {
    const stop = text.indexOf("\n", start);
    const end = stop < 0 ? text.length : stop;
    yield text.slice(start, end);
    start = end + 1;
  }
}

function kindOf(value: unknown): unknown {
  const isObject = typeof value === "object" && value !== null;
  return isObject && "kind" in value ? value.kind : undefined;
}
