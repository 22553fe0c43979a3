/** A run done again, a piece at a time, so that a long one need not be done in one go. */
import { MeshError } from "#shared/contract/errors.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { SimMesh } from "../mesh/sim-mesh.ts";
import type { GivenCommand } from "../types.ts";

/** Where to stop: at a moment of the world, or in the step or command that gave event `seq`. */
export type RerunEnd = { readonly steps: number; readonly at: Micros } | { readonly seq: number };

export type RerunMesh = Pick<
  SimMesh,
  "steps" | "now" | "seq" | "stepEvent" | "runUntil" | "execute"
>;

export class Rerun {
  readonly #mesh: RerunMesh;
  readonly #commands: readonly GivenCommand[];
  readonly #end: RerunEnd;
  #next = 0;

  /** `mesh` was just made, with the options of the run. */
  constructor(mesh: RerunMesh, commands: readonly GivenCommand[], end: RerunEnd) {
    this.#mesh = mesh;
    this.#commands = commands;
    this.#end = end;
  }

  /**
   * Handles at most `maxSteps` events of the world; true when the end is reached. Throws
   * `MeshError` "bad-recording" when the run cannot be where it has to be.
   */
  advance(maxSteps: number): boolean {
    for (let steps = 0; steps < maxSteps; steps++) {
      if (this.#advanceOne()) {
        return true;
      }
    }
    return false;
  }

  #advanceOne(): boolean {
    const [mesh, end] = [this.#mesh, this.#end];
    if ("seq" in end && mesh.seq >= end.seq) {
      return true;
    }
    const command = this.#commands[this.#next];
    const goal = command ?? ("seq" in end ? { steps: Number.POSITIVE_INFINITY, at: 0 } : end);
    if (mesh.steps < goal.steps) {
      if (!mesh.stepEvent()) {
        throw elsewhere(goal);
      }
      return false;
    }
    if (mesh.now < goal.at) {
      mesh.runUntil(goal.at, 1);
    }
    if (mesh.steps !== goal.steps || mesh.now !== goal.at) {
      throw elsewhere(goal);
    }
    if (command === undefined) {
      return true;
    }
    this.#next++;
    executeAgain(mesh, command);
    return false;
  }
}

/** A command that was refused is refused again: that is part of the run. */
function executeAgain(mesh: RerunMesh, given: GivenCommand): void {
  try {
    mesh.execute(given.command, given.actor);
  } catch (error) {
    if (!(error instanceof MeshError)) {
      throw error;
    }
  }
}

function elsewhere({ steps, at }: { readonly steps: number; readonly at: Micros }): MeshError {
  const message = `the run cannot be repeated: it is not at step ${steps} at ${at} µs; was it made by another version?`;
  return new MeshError("bad-recording", message);
}
