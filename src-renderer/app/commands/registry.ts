import type { Command } from "./command.ts";
import { canonicalKeys } from "./keys.ts";

export interface CommandRegistry {
  readonly all: readonly Command[];
  get(id: string): Command | undefined;
  /** The chords in force: rebound ones, otherwise the defaults. The first is shown in menus. */
  keysOf(command: Command): readonly string[];
  /** The command of a chord or sequence, and whether a longer sequence begins with it. */
  match(keys: string): { readonly command: Command | undefined; readonly begins: boolean };
  /** Other commands that the same keys would run. */
  conflicts(commandId: string, keys: string): readonly Command[];
}

type Rebound = Readonly<Record<string, readonly string[]>>;

/** Throws on two commands of one id: that is a mistake in the program. */
export function createRegistry(
  commands: readonly Command[],
  rebound: () => Rebound,
): CommandRegistry {
  const byId = new Map<string, Command>();
  for (const command of commands) {
    if (byId.has(command.id)) throw new Error(`two commands are called ${command.id}`);
    byId.set(command.id, command);
  }
  const keysOf = (command: Command): readonly string[] =>
    (rebound()[command.id] ?? command.keys ?? []).map(canonicalKeys);

  return {
    all: commands,
    get: (id) => byId.get(id),
    keysOf,
    match(keys) {
      const wanted = canonicalKeys(keys);
      const begins = commands.some((command) =>
        keysOf(command).some((chord) => chord.startsWith(`${wanted} `)),
      );
      return { command: commands.find((command) => keysOf(command).includes(wanted)), begins };
    },
    conflicts(commandId, keys) {
      const wanted = canonicalKeys(keys);
      return commands.filter(
        (command) =>
          command.id !== commandId &&
          keysOf(command).some(
            (chord) =>
              chord === wanted || chord.startsWith(`${wanted} `) || wanted.startsWith(`${chord} `),
          ),
      );
    },
  };
}
