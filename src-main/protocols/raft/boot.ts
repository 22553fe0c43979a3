/** From the records of former lives to a state to start with. */
import { DecodeError } from "#main/kernel/wire.ts";
import { type Answer, Applier } from "./applying.ts";
import { RaftLog } from "./log.ts";
import { FRESH, type Restored, restoreRecords } from "./restore.ts";
import type { RaftSetup } from "./setup.ts";
import { RaftState } from "./state.ts";

export interface Booted {
  readonly state: RaftState;
  readonly applier: Applier;
  /** What is wrong with the records; then none of them is used, and the member has no memory. */
  readonly damage: string | null;
}

export function boot(setup: RaftSetup, onAnswer: (answer: Answer) => void): Booted {
  const restored = restoreRecords(setup.restore);
  if (!restored.ok) {
    return withoutMemory(setup, onAnswer, restored.message);
  }
  const { state, applier } = assemble(setup, restored.state, onAnswer);
  try {
    if (state.snapshot !== null) {
      applier.restore(state.snapshot);
    }
    return { state, applier, damage: null };
  } catch (error) {
    if (error instanceof DecodeError) {
      return withoutMemory(setup, onAnswer, `the snapshot: ${error.message}`);
    }
    throw error;
  }
}

function withoutMemory(
  setup: RaftSetup,
  onAnswer: (answer: Answer) => void,
  damage: string,
): Booted {
  const nothing: Restored = { hard: FRESH, snapshot: null, log: new RaftLog() };
  return { ...assemble({ ...setup, amnesia: true }, nothing, onAnswer), damage };
}

function assemble(setup: RaftSetup, restored: Restored, onAnswer: (answer: Answer) => void) {
  const state = new RaftState(setup, restored);
  return { state, applier: new Applier(state, setup.app, onAnswer) };
}
