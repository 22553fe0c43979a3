/** The words of the phi-accrual detector: the shape of all detectors, with heartbeats for messages. */
import type {
  AnsweredEvent,
  DetectorInput,
  Heartbeat,
  SuspectEvent,
} from "#main/kernel/detector.ts";
import type { Effect } from "#main/kernel/machine.ts";

export type PhiInput = DetectorInput<Heartbeat>;
export type PhiEvent = SuspectEvent<"phi"> | AnsweredEvent;
export type PhiEffect = Effect<Heartbeat, PhiEvent>;
