/**
 * What a command would do, told before it is done: from the view alone, for every kind of source.
 * A preview is an estimate; the source decides.
 */
import {
  COMMANDS,
  type MeshCommand,
  type MeshCommandInput,
  type Role,
} from "../contract/commands.ts";
import type { MeshDescription } from "../contract/description.ts";
import type { MeshView } from "./model.ts";
import { affectedNodes } from "./preview/affected.ts";
import { effectsOf } from "./preview/effects.ts";
import { info, type PreviewNote } from "./preview/notes.ts";
import { refusalsOf } from "./preview/refusals.ts";
import { undoOf } from "./preview/undo.ts";

export type { PreviewNote } from "./preview/notes.ts";

/**
 * How a console asks. `sandbox`: not at all. `recoverable`: a window in which it can be cancelled.
 * `risky`: `confirmWord` has to be typed.
 */
export type PreviewTier = "sandbox" | "recoverable" | "risky";

export interface Preview {
  readonly command: MeshCommand;
  readonly affected: readonly string[];
  /** Refusals first, then effects, then whether and how it can be taken back. */
  readonly notes: readonly PreviewNote[];
  /** Whether a note says that it would be refused. */
  readonly refused: boolean;
  /** Takes it back; a `fault.clear` carries the id "created" until the outcome tells the real one. */
  readonly undo: MeshCommandInput | undefined;
  readonly tier: PreviewTier;
  /** Only of the tier `risky`: the name of the node, of several the name of the mesh. */
  readonly confirmWord: string | undefined;
}

export function preview(
  view: MeshView,
  command: MeshCommand,
  description: MeshDescription,
  role?: Role,
): Preview {
  const affected = affectedNodes(command, view);
  const refusals = refusalsOf(view, command, description, role);
  const refused = refusals.length > 0;
  const undo = undoOf(command, view);
  const effects = refused ? [] : [...effectsOf(view, command), ...ending(command, undo)];
  const notes = [...refusals, ...effects];
  const tier = tierOf({ command, affected, notes, sandbox: description.sandbox, view });
  const [only] = affected;
  const word = affected.length === 1 && only !== undefined ? only : description.name;
  const confirmWord = tier === "risky" ? word : undefined;
  return { command, affected, notes, refused, undo, tier, confirmWord };
}

function takesAway(command: MeshCommand): boolean {
  if (command.type === "node.byzantine" && command.behaviours.length === 0) return false;
  const wipes = command.type === "node.restart" && command.disk === "wipe";
  return wipes || COMMANDS[command.type].destroys;
}

function ending(command: MeshCommand, undo: MeshCommandInput | undefined): readonly PreviewNote[] {
  if (!takesAway(command)) return [];
  const forMs = "forMs" in command ? command.forMs : undefined;
  const bySelf = forMs === undefined ? [] : [info("ends-by-itself", { ms: forMs })];
  const byHand =
    undo === undefined ? info("not-undone") : info("undone-by", { command: undo.type });
  return [...bySelf, byHand];
}

/** From so many nodes on, a command hits the mesh rather than a node. */
const BULK_NODES = 3;

interface TierInput {
  readonly command: MeshCommand;
  readonly affected: readonly string[];
  readonly notes: readonly PreviewNote[];
  readonly sandbox: boolean;
  readonly view: MeshView;
}

function tierOf({ command, affected, notes, sandbox, view }: TierInput): PreviewTier {
  if (sandbox || !takesAway(command)) return "sandbox";
  const dangerous = notes.some((note) => note.severity === "danger");
  const bulk = affected.length >= BULK_NODES || hitsAll(command);
  const final = undoOf(command, view) === undefined && !endsItself(command);
  return dangerous || bulk || final ? "risky" : "recoverable";
}

function hitsAll(command: MeshCommand): boolean {
  return command.type === "network.conditions" && command.scope.kind === "mesh";
}

/** Setting a slow node or a skewed clock back to normal takes nothing away. */
function endsItself(command: MeshCommand): boolean {
  if (command.type === "node.slow") return command.delayMs === 0;
  return command.type === "clock.skew" && command.driftPpm === 0 && command.offsetMs === 0;
}
