/** Reads the lines of an agent's log, as its `monitor` sends them. */

export type LogLevel = "debug" | "info" | "warn" | "error";

export interface MonitorLine {
  readonly level: LogLevel;
  /** The part of the agent that speaks: `serf`, `memberlist`, `agent.ipc`. */
  readonly topic: string;
  readonly text: string;
  /** As the agent wrote it, in its own time zone; absent where the line has none. */
  readonly stamp: string | undefined;
}

/** What a line tells about the members, about a second before the event stream does. */
export type MonitorFact =
  /** This agent's own probe of the member went unanswered. */
  | { readonly kind: "suspect"; readonly name: string }
  /** Another agent doubted this one, which has answered. */
  | { readonly kind: "refuted"; readonly by: string | undefined }
  /** The member list is another one now. */
  | { readonly kind: "changed" };

const LINE = /^(?:(\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d(?:\.\d+)?) )?\[(\w+)\] (?:([\w.-]+): )?(.*)$/s;

const LEVELS: Readonly<Record<string, LogLevel>> = {
  TRACE: "debug",
  DEBUG: "debug",
  INFO: "info",
  WARN: "warn",
  ERR: "error",
  ERROR: "error",
};

/** A line of another form is kept whole, as information. */
export function parseMonitorLine(line: string): MonitorLine {
  const trimmed = line.trimEnd();
  const [, stamp, level, topic, text] = LINE.exec(trimmed) ?? [];
  if (level === undefined || text === undefined) {
    return { level: "info", topic: "serf", text: trimmed, stamp: undefined };
  }
  return { level: LEVELS[level] ?? "info", topic: topic ?? "serf", text, stamp };
}

const SUSPECT = /^Suspect (\S+) has failed/;
const REFUTING = /^Refuting an? (?:suspect|dead) message \(from: (\S+)\)/;
const CHANGED = /^EventMember(?:Join|Leave|Failed|Update|Reap)\b/;

export function factOf({ topic, text }: MonitorLine): MonitorFact | undefined {
  if (topic === "serf" && CHANGED.test(text)) return { kind: "changed" };
  if (topic !== "memberlist") return undefined;
  const suspect = SUSPECT.exec(text)?.[1];
  if (suspect !== undefined) return { kind: "suspect", name: suspect };
  return REFUTING.test(text) ? { kind: "refuted", by: REFUTING.exec(text)?.[1] } : undefined;
}
