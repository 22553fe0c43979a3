/** An agent's log as events: what it wrote before is marked, and a flood becomes a visible gap. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import { factOf, type MonitorFact, parseMonitorLine } from "./monitor-line.ts";

export interface LogTailLimits {
  readonly linesPerSecond: number;
  /** How many lines are remembered, to know them when a new monitor sends them again. */
  readonly remembered: number;
}

/** Serf itself keeps 512 lines to replay. */
export const LOG_TAIL_LIMITS: LogTailLimits = { linesPerSecond: 500, remembered: 1_024 };

/** A monitor begins with old lines, without a word where they end: in one burst, then silence. */
const REPLAY_QUIET_US = 200_000;
const REPLAY_LONGEST_US = 2_000_000;
const SECOND_US = 1_000_000;
const MAX_TEXT_CHARS = 4_096;

export interface TailedLine {
  readonly events: readonly MeshEventBody[];
  /** Only of lines written while we were listening. */
  readonly fact: MonitorFact | undefined;
}

export class LogTail {
  readonly #limits: LogTailLimits;
  readonly #remembered = new Set<string>();
  #begunAt = 0;
  #lastAt = 0;
  #replaying = false;
  #secondBegan = -Infinity;
  #inSecond = 0;
  #skipped = 0;

  constructor(limits: LogTailLimits = LOG_TAIL_LIMITS) {
    this.#limits = limits;
  }

  /** A new monitor was opened. All times are microseconds. */
  begin(now: number): void {
    this.#replaying = true;
    this.#begunAt = now;
    this.#lastAt = now;
  }

  /** `node`: the agent. */
  line(raw: string, node: string, now: number): TailedLine {
    const old = this.#isReplay(now);
    if (this.#remember(raw) && old) return { events: [], fact: undefined };
    const line = parseMonitorLine(raw);
    const fact = old ? undefined : factOf(line);
    const gap = this.flush(node, now);
    if (this.#inSecond >= this.#limits.linesPerSecond) {
      this.#skipped += 1;
      return { events: gap, fact };
    }
    this.#inSecond += 1;
    const { level, topic } = line;
    const text = old && line.stamp !== undefined ? `[${line.stamp}] ${line.text}` : line.text;
    const event: MeshEventBody = {
      type: "log",
      node,
      level,
      topic: topic.slice(0, 64),
      text: text.slice(0, MAX_TEXT_CHARS),
    };
    return { events: [...gap, event], fact };
  }

  /** Tells of skipped lines, once their second is over. */
  flush(node: string, now: number): readonly MeshEventBody[] {
    if (now - this.#secondBegan < SECOND_US) return [];
    this.#secondBegan = now;
    this.#inSecond = 0;
    const skipped = this.#skipped;
    this.#skipped = 0;
    if (skipped === 0) return [];
    const text = `Skipped lines of this agent's log, which came too fast: ${skipped}.`;
    return [{ type: "log", node, level: "warn", topic: "meshdeck", text }];
  }

  #isReplay(now: number): boolean {
    const quiet = now - this.#lastAt > REPLAY_QUIET_US;
    if (quiet || now - this.#begunAt > REPLAY_LONGEST_US) this.#replaying = false;
    this.#lastAt = now;
    return this.#replaying;
  }

  /** Whether it was there already. */
  #remember(raw: string): boolean {
    if (this.#remembered.has(raw)) return true;
    this.#remembered.add(raw);
    if (this.#remembered.size > this.#limits.remembered) {
      const [oldest] = this.#remembered;
      if (oldest !== undefined) this.#remembered.delete(oldest);
    }
    return false;
  }
}
