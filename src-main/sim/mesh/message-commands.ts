/** A person's hand in the network: single messages on their way; and what a scenario has to say. */
import type { CommandOf } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { unreachable } from "#main/kernel/assert.ts";
import { ms } from "#main/kernel/time.ts";
import type { SimOutcome } from "../types.ts";
import type { CommandTargets } from "./command-targets.ts";

export type MessageCommandType =
  | "message.drop"
  | "message.delay"
  | "message.duplicate"
  | "lesson.say";

type Meddling = CommandOf<Exclude<MessageCommandType, "lesson.say">>;

/** Throws `MeshError` "unknown-message" for a message that is not on its way. */
export function executeOnMessages(
  targets: CommandTargets,
  command: CommandOf<MessageCommandType>,
): SimOutcome {
  if (command.type === "lesson.say") {
    const { type: _, ...said } = command;
    targets.emit({ type: "lesson.step", ...said });
    return {};
  }
  meddle(targets, command);
  return {};
}

function meddle({ world, emit }: CommandTargets, command: Meddling): void {
  const serial = command.message;
  const row = world.trace.row(serial);
  const [from, to] = [world.processes[row?.from ?? -1], world.processes[row?.to ?? -1]];
  if (row === undefined || from === undefined || to === undefined || !change(world, command)) {
    throw new MeshError("unknown-message", `no message ${serial} is on its way`);
  }
  emit({
    type: "message.meddled",
    message: serial,
    what: WHAT[command.type],
    from: from.id,
    to: to.id,
    name: row.name,
  });
}

const WHAT = {
  "message.drop": "dropped",
  "message.delay": "delayed",
  "message.duplicate": "duplicated",
} as const;

function change({ post, now }: CommandTargets["world"], command: Meddling): boolean {
  switch (command.type) {
    case "message.drop":
      return post.lose(command.message, now);
    case "message.delay":
      return post.delay(command.message, ms(command.byMs));
    case "message.duplicate":
      return post.duplicate(command.message);
    default:
      return unreachable(command);
  }
}
