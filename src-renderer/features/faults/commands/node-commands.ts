import type { CommandType, MeshCommandInput } from "#shared/contract/commands.ts";
import type { NodeView } from "#shared/view/model.ts";
import {
  CirclePause,
  CirclePlay,
  Eraser,
  FileX2,
  type LucideIcon,
  Power,
  RotateCcw,
  Skull,
  Trash2,
  UserX,
} from "lucide-react";
import { type Availability, type Command, off, ON } from "../../../app/commands/command.ts";
import type { AppServices } from "../../../app/services.ts";
import { offered, onlyWhereKnown, selectedNodes } from "./targets.ts";

interface NodeAction {
  readonly id: string;
  readonly type: CommandType;
  readonly icon: LucideIcon;
  readonly danger?: true;
  readonly keys?: readonly string[];
  /** Hidden, not off, on meshes whose engine does not know it. */
  readonly engine?: true;
  /** Acts on one node only. */
  readonly single?: true;
  /** Which of the selected nodes it makes sense for, and what to say when it is none. */
  fits(node: NodeView): boolean;
  readonly otherwise: string;
  make(nodes: readonly string[]): MeshCommandInput;
}

const isUp = (node: NodeView): boolean => node.process !== "stopped";

const ACTIONS: readonly NodeAction[] = [
  {
    id: "kill",
    type: "node.kill",
    icon: Skull,
    danger: true,
    keys: ["Mod+Backspace"],
    fits: isUp,
    otherwise: "faults:off.stopped",
    make: (nodes) => ({ type: "node.kill", nodes: [...nodes] }),
  },
  {
    id: "killTorn",
    type: "node.kill",
    icon: FileX2,
    danger: true,
    fits: isUp,
    otherwise: "faults:off.stopped",
    make: (nodes) => ({ type: "node.kill", nodes: [...nodes], tornWrite: true }),
  },
  {
    id: "restart",
    type: "node.restart",
    icon: RotateCcw,
    keys: ["Mod+Enter"],
    fits: () => true,
    otherwise: "faults:off.node",
    make: (nodes) => ({ type: "node.restart", nodes: [...nodes], disk: "keep" }),
  },
  {
    id: "restartWiped",
    type: "node.restart",
    icon: Eraser,
    danger: true,
    fits: () => true,
    otherwise: "faults:off.node",
    make: (nodes) => ({ type: "node.restart", nodes: [...nodes], disk: "wipe" }),
  },
  {
    id: "pause",
    type: "node.pause",
    icon: CirclePause,
    keys: ["Mod+Shift+Space"],
    fits: (node) => node.process === "running" || node.process === "unknown",
    otherwise: "faults:off.notRunning",
    make: (nodes) => ({ type: "node.pause", nodes: [...nodes] }),
  },
  {
    id: "resume",
    type: "node.resume",
    icon: CirclePlay,
    fits: (node) => node.process === "paused",
    otherwise: "faults:off.notPaused",
    make: (nodes) => ({ type: "node.resume", nodes: [...nodes] }),
  },
  {
    id: "remove",
    type: "node.remove",
    icon: Trash2,
    danger: true,
    single: true,
    fits: () => true,
    otherwise: "faults:off.node",
    make: ([node = ""]) => ({ type: "node.remove", node }),
  },
  {
    id: "forget",
    type: "member.forget",
    icon: UserX,
    danger: true,
    single: true,
    fits: (node) => node.process === "stopped",
    otherwise: "faults:off.notStopped",
    make: ([node = ""]) => ({ type: "member.forget", node }),
  },
  {
    id: "forceLeave",
    type: "member.forceLeave",
    icon: Power,
    danger: true,
    engine: true,
    single: true,
    fits: () => true,
    otherwise: "faults:off.node",
    make: ([node = ""]) => ({ type: "member.forceLeave", node }),
  },
];

/** What is done to the selected nodes as it stands; commands that need a form are elsewhere. */
export const NODE_COMMANDS: readonly Command[] = ACTIONS.map((action) => ({
  id: `node.${action.id}`,
  title: `faults:node.${action.id}`,
  group: "node",
  icon: action.icon,
  places: ["node"],
  ...(action.danger === undefined ? {} : { danger: action.danger }),
  ...(action.keys === undefined ? {} : { keys: action.keys }),
  when: (app) => available(app, action),
  preview: (app) => commandOf(app, action),
  async run(app) {
    const command = commandOf(app, action);
    if (command !== undefined) await app.perform(command);
  },
}));

function available(app: AppServices, action: NodeAction): Availability {
  const known =
    action.engine === true ? onlyWhereKnown(app, action.type) : offered(app, action.type);
  if (known.state !== "on") return known;
  const selected = selectedNodes(app);
  if (selected.length === 0) return off("faults:off.node");
  if (action.single === true && selected.length > 1) return off("faults:off.one");
  return selected.some((node) => action.fits(node)) ? ON : off(action.otherwise);
}

function commandOf(app: AppServices, action: NodeAction): MeshCommandInput | undefined {
  const fitting = selectedNodes(app).filter((node) => action.fits(node));
  return fitting.length === 0 ? undefined : action.make(fitting.map((node) => node.id));
}
