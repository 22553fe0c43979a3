/** Asks what members hold now, as long as somebody looks at it. */
import type { Inspection } from "#shared/contract/inspection.ts";
import { MeshError } from "#shared/contract/errors.ts";

export interface PollPorts {
  readonly nodes: readonly string[];
  readonly inspect: (node: string) => Promise<Inspection>;
  /** Whether the mesh's time passes; timers move without any event. */
  readonly isMoving: () => boolean;
  /** Number of the newest event: a mesh that was stepped moved, too. */
  readonly newest: () => number;
  /** Whether anybody could see the answer. */
  readonly isSeen: () => boolean;
  readonly onAnswers: (answers: ReadonlyMap<string, Inspection>) => void;
  /** The mesh cannot be asked at all; asking ends. */
  readonly onRefused: (reason: string) => void;
  /** Calls back again and again; the function it gives ends that. */
  readonly every: (call: () => void) => () => void;
}

/** Codes after which asking again is pointless. */
const FINAL: ReadonlySet<string> = new Set(["not-supported", "unknown-method", "forbidden"]);

/** One round of questions at a time; the function it gives ends the polling. */
export function pollInspections(ports: PollPorts): () => void {
  let stopped = false;
  let asking = false;
  /** What the last answers were about; undefined while time passed since. */
  let seen: number | undefined;
  let stopTimer = (): void => {};
  const stop = () => {
    stopped = true;
    stopTimer();
  };
  const ask = async () => {
    const newest = ports.newest();
    const moving = ports.isMoving();
    if (asking || stopped || !ports.isSeen() || (!moving && newest === seen)) return;
    asking = true;
    const answers = new Map<string, Inspection>();
    const replies = await Promise.allSettled(ports.nodes.map((node) => ports.inspect(node)));
    asking = false;
    if (stopped) return;
    for (const [at, reply] of replies.entries()) {
      if (reply.status === "fulfilled") answers.set(ports.nodes[at] ?? "", reply.value);
      else if (reply.reason instanceof MeshError && FINAL.has(reply.reason.code)) {
        stop();
        ports.onRefused(reply.reason.message);
        return;
      }
    }
    seen = moving ? undefined : newest;
    ports.onAnswers(answers);
  };
  stopTimer = ports.every(() => void ask());
  void ask();
  return stop;
}
