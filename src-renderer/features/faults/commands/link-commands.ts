/** Cuts: of the selected link, and around the selected nodes. */
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { LinkView } from "#shared/view/model.ts";
import { ArrowLeftFromLine, ArrowRightFromLine, Split, Timer, Unplug } from "lucide-react";
import { type Availability, type Command, HIDDEN, off, ON } from "../../../app/commands/command.ts";
import type { AppServices } from "../../../app/services.ts";
import { EMPTY_DRAFT } from "../model/draft.ts";
import type { FaultsStore } from "../store.ts";
import { showDraft } from "./form-commands.ts";
import { allNodes, liveView, offered, selectedNodes } from "./targets.ts";

export function linkCommands(store: FaultsStore): readonly Command[] {
  return [
    linkCut("cut", (link) => ({ from: [link.a], to: [link.b], oneWay: false })),
    linkCut("cutForward", (link) => ({ from: [link.a], to: [link.b], oneWay: true })),
    linkCut("cutBackward", (link) => ({ from: [link.b], to: [link.a], oneWay: true })),
    {
      id: "link.slow",
      title: "faults:link.slow",
      group: "link",
      icon: Timer,
      places: ["link"],
      when: (app) => needsLink(app, offered(app, "network.conditions")),
      run(app) {
        const link = selectedLink(app);
        if (link === undefined) return;
        showDraft(app, store, {
          ...EMPTY_DRAFT,
          kind: "conditions",
          scope: "between",
          targets: [link.a],
          others: [link.b],
          numbers: { latencyMs: "200" },
        });
      },
    },
    PARTITION,
    ISOLATE,
  ];
}

function selectedLink(app: AppServices): LinkView | undefined {
  const key = app.selection.getState().link;
  return key === undefined ? undefined : liveView(app)?.links.get(key);
}

function needsLink(app: AppServices, known: Availability): Availability {
  if (known.state !== "on") return known;
  return selectedLink(app) === undefined ? off("faults:off.link") : ON;
}

const CUT_ICONS = { cut: Unplug, cutForward: ArrowRightFromLine, cutBackward: ArrowLeftFromLine };

type Ends = { readonly from: string[]; readonly to: string[]; readonly oneWay: boolean };

function linkCut(id: keyof typeof CUT_ICONS, ends: (link: LinkView) => Ends): Command {
  const command = (app: AppServices): MeshCommandInput | undefined => {
    const link = selectedLink(app);
    return link === undefined ? undefined : { type: "network.cut", ...ends(link) };
  };
  return {
    id: `link.${id}`,
    title: `faults:link.${id}`,
    group: "link",
    icon: CUT_ICONS[id],
    places: ["link"],
    danger: true,
    when: (app) => needsLink(app, offered(app, "network.cut")),
    preview: command,
    async run(app) {
      const input = command(app);
      if (input !== undefined) await app.perform(input);
    },
  };
}

const PARTITION: Command = {
  id: "network.partition",
  title: "faults:network.partition",
  group: "network",
  icon: Split,
  keys: ["Mod+Shift+X"],
  places: ["node"],
  danger: true,
  when: (app) => needsSides(app, offered(app, "network.partition")),
  preview: partitionCommand,
  async run(app) {
    const command = partitionCommand(app);
    if (command !== undefined) await app.perform(command);
  },
};

/** The selected nodes on one side, all others on the other. */
function partitionCommand(app: AppServices): MeshCommandInput | undefined {
  const sides = sidesOf(app);
  return sides === undefined ? undefined : { type: "network.partition", groups: sides };
}

const ISOLATE: Command = {
  id: "network.silence",
  title: "faults:network.silence",
  group: "network",
  icon: ArrowRightFromLine,
  places: ["node"],
  danger: true,
  when: (app) => needsSides(app, offered(app, "network.cut")),
  preview: silenceCommand,
  async run(app) {
    const command = silenceCommand(app);
    if (command !== undefined) await app.perform(command);
  },
};

/** The selected nodes hear all others and are heard by none. */
function silenceCommand(app: AppServices): MeshCommandInput | undefined {
  const sides = sidesOf(app);
  if (sides === undefined) return undefined;
  return { type: "network.cut", from: sides[0], to: sides[1], oneWay: true };
}

function sidesOf(app: AppServices): [string[], string[]] | undefined {
  const picked = new Set(selectedNodes(app).map((node) => node.id));
  const rest = allNodes(app).filter((id) => !picked.has(id));
  return picked.size === 0 || rest.length === 0 ? undefined : [[...picked], rest];
}

function needsSides(app: AppServices, known: Availability): Availability {
  if (known.state !== "on") return known;
  if (liveView(app) === undefined) return HIDDEN;
  if (selectedNodes(app).length === 0) return off("faults:off.node");
  return sidesOf(app) === undefined ? off("faults:off.all") : ON;
}
