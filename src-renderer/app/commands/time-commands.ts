import {
  ChevronFirst,
  Pause,
  Play,
  RotateCcw,
  SkipBack,
  SkipForward,
  StepForward,
} from "lucide-react";
import type { CommandType } from "#shared/contract/commands.ts";
import type { AppServices } from "../services.ts";
import { type Availability, type Command, HIDDEN, OFF_NO_MESH, ON, off } from "./command.ts";

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100] as const;

/** The time of a mesh can be steered when it offers the command; a wall clock cannot. */
function steerable(app: AppServices, type: CommandType): Availability {
  if (app.console.getState().mesh === undefined) return OFF_NO_MESH;
  const refusal = app.refusal(type);
  return refusal === undefined ? ON : off(refusal);
}

const isPast = (app: AppServices): boolean => app.console.getState().mesh?.past !== undefined;
const isPlaying = (app: AppServices): boolean =>
  app.console.getState().mesh?.status?.playing === true;

function steppable(app: AppServices): Availability {
  if (isPast(app)) return ON;
  const available = steerable(app, "time.step");
  return available.state === "on" && isPlaying(app) ? off("app:time.pauseFirst") : available;
}

async function changeSpeed(app: AppServices, direction: 1 | -1): Promise<void> {
  const now = app.console.getState().mesh?.status?.ratio ?? 1;
  const next =
    direction === 1 ? SPEEDS.find((speed) => speed > now) : SPEEDS.findLast((speed) => speed < now);
  if (next !== undefined) await app.perform({ type: "time.speed", ratio: next }, { quiet: true });
}

const playPause: Command = {
  id: "time.toggle",
  title: "app:command.playPause",
  group: "time",
  icon: Play,
  keys: ["Space", "."],
  when: (app) => steerable(app, "time.play"),
  async run(app) {
    if (isPast(app)) app.returnToNow();
    const type = isPlaying(app) ? "time.pause" : "time.play";
    await app.perform({ type }, { quiet: true });
  },
};

const stepEvent: Command = {
  id: "time.stepEvent",
  title: "app:command.stepEvent",
  group: "time",
  icon: StepForward,
  keys: ["ArrowRight", "l"],
  when: steppable,
  async run(app) {
    if (isPast(app)) await app.lookBeside(1);
    else await app.perform({ type: "time.step", unit: "event" }, { quiet: true });
  },
};

const stepChange: Command = {
  id: "time.stepChange",
  title: "app:command.stepChange",
  group: "time",
  icon: SkipForward,
  keys: ["Shift+ArrowRight", "Shift+L"],
  when: (app) => (isPast(app) ? off("app:time.returnFirst") : steppable(app)),
  async run(app) {
    await app.perform({ type: "time.step", unit: "change" }, { quiet: true });
  },
};

const stepBack: Command = {
  id: "time.stepBack",
  title: "app:command.stepBack",
  group: "time",
  icon: SkipBack,
  keys: ["ArrowLeft", "h"],
  when: (app) => (app.console.getState().mesh === undefined ? OFF_NO_MESH : ON),
  run: (app) => app.lookBeside(-1),
};

const toStart: Command = {
  id: "time.start",
  title: "app:command.toStart",
  group: "time",
  icon: ChevronFirst,
  keys: ["Shift+Home"],
  when: (app) => (app.console.getState().mesh?.status === undefined ? OFF_NO_MESH : ON),
  run: (app) => app.lookAt(app.console.getState().mesh?.status?.historyFrom ?? 0),
};

const returnToNow: Command = {
  id: "time.now",
  title: "app:command.returnToNow",
  group: "time",
  icon: RotateCcw,
  keys: ["n"],
  when: (app) => (isPast(app) ? ON : HIDDEN),
  run: (app) => app.returnToNow(),
};

const faster: Command = {
  id: "time.faster",
  title: "app:command.faster",
  group: "time",
  icon: Play,
  keys: ["]"],
  when: (app) => steerable(app, "time.speed"),
  run: (app) => changeSpeed(app, 1),
};

const slower: Command = {
  id: "time.slower",
  title: "app:command.slower",
  group: "time",
  icon: Pause,
  keys: ["["],
  when: (app) => steerable(app, "time.speed"),
  run: (app) => changeSpeed(app, -1),
};

export const TIME_COMMANDS: readonly Command[] = [
  playPause,
  stepEvent,
  stepChange,
  stepBack,
  toStart,
  returnToNow,
  faster,
  slower,
];
