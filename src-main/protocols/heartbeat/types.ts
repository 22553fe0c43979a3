/** The words of the heartbeat detector: the shape of all detectors, with heartbeats for messages. */
import type {
  AnsweredEvent,
  DetectorInput,
  Heartbeat,
  SuspectEvent,
} from "#main/kernel/detector.ts";
import type { Effect } from "#main/kernel/machine.ts";

export type HeartbeatInput = DetectorInput<Heartbeat>;
export type HeartbeatEvent = SuspectEvent<"silent"> | AnsweredEvent;
export type HeartbeatEffect = Effect<Heartbeat, HeartbeatEvent>;
