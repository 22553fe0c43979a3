import {
  COMMANDS,
  type CommandType,
  type MeshCommandInput,
  meshCommandSchema,
  roleAllows,
} from "#shared/contract/commands.ts";
import type { MeshDescription } from "#shared/contract/description.ts";
import { type Preview, type PreviewTier, preview } from "#shared/view/preview.ts";
import { activeListing } from "../state/console.ts";
import { cleanText } from "../ui/text.ts";
import { errorText } from "./hooks/error-text.ts";
import type { AppServices, PerformOptions } from "./services.ts";

/** How long a command to a remote mesh can still be called back. */
const CANCEL_WINDOW_MS = 5_000;
const DONE_MS = 4_000;
const UNDO_MS = 8_000;
const FAILED_MS = 12_000;
const MAX_UNDO = 50;

type Deps = Pick<AppServices, "host" | "console" | "prefs" | "ui" | "toasts" | "t">;

/** The first thing in the way of a command, translated; undefined: nothing is. */
export function refusalOf(deps: Deps, type: CommandType): string | undefined {
  const state = deps.console.getState();
  const listing = activeListing(state);
  if (listing === undefined || state.mesh === undefined) return deps.t("app:refusal.noMesh");
  if (state.link.state !== "live") return deps.t("app:refusal.offline");
  const reason = listing.description.capabilities[type];
  if (reason === undefined) return deps.t("app:refusal.notOffered");
  if (reason !== null) return cleanText(reason, 200);
  const { role } = COMMANDS[type];
  if (state.role !== undefined && !roleAllows(state.role, role)) {
    return deps.t("app:refusal.role", { role: deps.t(`app:role.${role}`) });
  }
  if (state.mesh.past !== undefined && COMMANDS[type].group !== "time") {
    return deps.t("app:refusal.past");
  }
  if (state.locked && role !== "viewer") return deps.t("app:refusal.locked");
  return undefined;
}

export function previewOf(deps: Deps, input: MeshCommandInput): Preview | undefined {
  const state = deps.console.getState();
  const description: MeshDescription | undefined = activeListing(state)?.description;
  if (description === undefined || state.mesh === undefined) return undefined;
  return preview(state.mesh.live, meshCommandSchema.parse(input), description);
}

/** A command in a few words of the chosen language: "Kill E", "Kill E and 2 more". */
export function describeCommand(t: AppServices["t"], command: MeshCommandInput): string {
  const named =
    "nodes" in command ? command.nodes : "node" in command && command.node ? [command.node] : [];
  const [first = "", ...more] = named;
  const nodes = more.length === 0 ? first : t("app:action.more", { first, count: more.length });
  return t(`app:action.${command.type}`, { nodes }).trim();
}

export async function perform(
  deps: Deps,
  input: MeshCommandInput,
  options: PerformOptions = {},
): Promise<boolean> {
  const what = describeCommand(deps.t, input);
  const refusal = refusalOf(deps, input.type);
  const plan = previewOf(deps, input);
  if (refusal !== undefined || plan === undefined) {
    deps.toasts.getState().show({
      tone: "warn",
      text: deps.t("app:perform.failed", { what }),
      detail: refusal,
      forMs: FAILED_MS,
    });
    return false;
  }
  const mesh = deps.console.getState().active ?? "";
  const answer = options.isUndo === true ? { go: true } : await ask(deps, input, plan, what);
  if (!answer.go) return false;
  return send(deps, { mesh, input, what, plan, reason: answer.reason, options });
}

interface Answer {
  readonly go: boolean;
  readonly reason?: string | undefined;
}

/** The tier of the preview, as far as the person wants to be asked. */
function tierOf(deps: Deps, { tier, command }: Preview): PreviewTier {
  const { confirm } = deps.prefs.getState();
  if (confirm === "risky") return tier === "recoverable" ? "sandbox" : tier;
  const asked = confirm === "all" && tier === "sandbox" && COMMANDS[command.type].destroys;
  return asked ? "recoverable" : tier;
}

/** What the tier asks for before a command goes out. */
function ask(deps: Deps, input: MeshCommandInput, plan: Preview, what: string): Promise<Answer> {
  switch (tierOf(deps, plan)) {
    case "sandbox":
      return Promise.resolve({ go: true });
    case "recoverable":
      return askInToast(deps, what);
    case "risky":
      return new Promise((resolve) => {
        deps.ui.setState({
          confirmation: {
            command: meshCommandSchema.parse(input),
            preview: plan,
            what,
            answer: (reason, go) => {
              deps.ui.setState({ confirmation: undefined });
              resolve({ go, reason });
            },
          },
        });
      });
  }
}

/** Goes ahead unless it is cancelled within the window. */
function askInToast(deps: Deps, what: string): Promise<Answer> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ go: true }), CANCEL_WINDOW_MS);
    deps.toasts.getState().show({
      tone: "warn",
      text: deps.t("app:perform.soon", { what, seconds: CANCEL_WINDOW_MS / 1_000 }),
      forMs: CANCEL_WINDOW_MS,
      countdown: true,
      action: {
        label: deps.t("app:cancel"),
        run: () => {
          clearTimeout(timer);
          resolve({ go: false });
        },
      },
    });
  });
}

interface Sending {
  readonly mesh: string;
  readonly input: MeshCommandInput;
  readonly what: string;
  readonly plan: Preview;
  readonly reason: string | undefined;
  readonly options: PerformOptions;
}

async function send(deps: Deps, sending: Sending): Promise<boolean> {
  const { mesh, input, what, plan, reason, options } = sending;
  const { toasts, t } = deps;
  try {
    const result = await deps.host.request("mesh.command", {
      mesh,
      command: input,
      ...(reason === undefined || reason === "" ? {} : { reason }),
    });
    const undo =
      options.isUndo === true ? undefined : undoOf(options.undo ?? plan.undo, result.created);
    if (undo !== undefined) remember(deps, mesh, undo);
    if (options.quiet === true) return true;
    toasts.getState().show({
      tone: "success",
      text: t(options.isUndo === true ? "app:perform.undone" : "app:perform.done", { what }),
      detail: result.note === undefined ? undefined : cleanText(result.note, 300),
      forMs: undo === undefined ? DONE_MS : UNDO_MS,
      action:
        undo === undefined
          ? undefined
          : { label: t("app:toast.undo"), run: () => void takeBack(deps, undo) },
    });
    return true;
  } catch (error) {
    toasts.getState().show({
      tone: "danger",
      text: t("app:perform.failed", { what }),
      detail: errorText(t, error),
      forMs: FAILED_MS,
    });
    return false;
  }
}

/** A fault is named only once it exists. */
function undoOf(
  undo: MeshCommandInput | undefined,
  created: string | undefined,
): MeshCommandInput | undefined {
  if (undo?.type !== "fault.clear" || created === undefined) return undo;
  return { type: "fault.clear", fault: created };
}

function remember(deps: Deps, mesh: string, command: MeshCommandInput): void {
  deps.ui.setState((state) => ({ undo: [...state.undo, { mesh, command }].slice(-MAX_UNDO) }));
}

async function takeBack(deps: Deps, command: MeshCommandInput): Promise<void> {
  deps.ui.setState((state) => ({ undo: state.undo.filter((entry) => entry.command !== command) }));
  await perform(deps, command, { isUndo: true });
}
