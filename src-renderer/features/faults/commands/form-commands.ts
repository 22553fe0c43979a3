/** Commands that open a form or a dialog for what is selected. */
import {
  Activity,
  ClockAlert,
  Hourglass,
  Megaphone,
  Plus,
  Route,
  Send,
  Sparkles,
} from "lucide-react";
import type { Command } from "../../../app/commands/command.ts";
import type { AppServices } from "../../../app/services.ts";
import { EMPTY_DRAFT, type FaultDraft } from "../model/draft.ts";
import { PRESETS, presetDraft } from "../model/presets.ts";
import type { FaultsStore } from "../store.ts";
import { traceRoute } from "../trace-route.ts";
import { allNodes, needsNodes, offered, onlyWhereKnown, selectedNodes } from "./targets.ts";
import { traitorCommands } from "./traitor-commands.ts";

export function formCommands(store: FaultsStore): readonly Command[] {
  return [
    ...draftCommands(store),
    ...presetCommands(store),
    ...dialogCommands(store),
    ...traitorCommands(store),
  ];
}

const ids = (app: AppServices): readonly string[] => selectedNodes(app).map((node) => node.id);

/** The least height of the dock at which the form can be used without scrolling. */
const FORM_HEIGHT = 330;

/** Fills in the form and shows it, in the dock. */
export function showDraft(app: AppServices, store: FaultsStore, draft: FaultDraft): void {
  store.getState().fill(draft);
  const { dockHeight, change } = app.prefs.getState();
  const height = Math.max(dockHeight, FORM_HEIGHT);
  change({ dockOpen: true, dockPanel: "faults", dockHeight: height });
}

function draftCommands(store: FaultsStore): readonly Command[] {
  return [
    {
      id: "node.slow",
      title: "faults:node.slow",
      group: "node",
      icon: Hourglass,
      places: ["node"],
      when: (app) => needsNodes(app, offered(app, "node.slow")),
      run: (app) =>
        showDraft(app, store, {
          ...EMPTY_DRAFT,
          kind: "slow",
          targets: ids(app),
          numbers: { delayMs: "500" },
        }),
    },
    {
      id: "node.clock",
      title: "faults:node.clock",
      group: "node",
      icon: ClockAlert,
      places: ["node"],
      when: (app) => needsNodes(app, offered(app, "clock.skew")),
      run: (app) =>
        showDraft(app, store, {
          ...EMPTY_DRAFT,
          kind: "clock",
          targets: ids(app),
          numbers: { driftPpm: "50000" },
        }),
    },
    {
      id: "network.conditions",
      title: "faults:network.conditions",
      group: "network",
      icon: Activity,
      places: ["node", "canvas", "mesh"],
      when: (app) => offered(app, "network.conditions"),
      run(app) {
        const targets = ids(app);
        const scope = targets.length === 0 ? "mesh" : "around";
        const numbers = { latencyMs: "200" };
        showDraft(app, store, { ...EMPTY_DRAFT, kind: "conditions", scope, targets, numbers });
      },
    },
  ];
}

function presetCommands(store: FaultsStore): readonly Command[] {
  return PRESETS.map((preset) => ({
    id: `network.preset.${preset}`,
    title: `faults:preset.command.${preset}`,
    group: "network",
    icon: Sparkles,
    when: (app) =>
      offered(app, preset === "split-brain" ? "network.partition" : "network.conditions"),
    run: (app) => showDraft(app, store, presetDraft(preset, ids(app), allNodes(app))),
  }));
}

function dialogCommands(store: FaultsStore): readonly Command[] {
  const { open } = store.getState();
  return [
    {
      id: "node.add",
      title: "faults:node.add",
      group: "mesh",
      icon: Plus,
      places: ["canvas", "mesh", "node"],
      when: (app) => offered(app, "node.add"),
      run: (app) => open({ kind: "add-node", seed: ids(app)[0] }),
    },
    {
      id: "node.publish",
      title: "faults:node.publish",
      group: "node",
      icon: Megaphone,
      places: ["node"],
      when: (app) => needsNodes(app, offered(app, "rumour.publish"), 1),
      run(app) {
        const [node] = ids(app);
        if (node !== undefined) open({ kind: "publish", node });
      },
    },
    {
      id: "node.trace",
      title: "faults:node.trace",
      group: "node",
      icon: Route,
      places: ["node"],
      when: (app) => needsNodes(app, offered(app, "route.trace"), 2),
      async run(app) {
        const [from, to] = ids(app);
        if (from !== undefined && to !== undefined) await traceRoute(app, from, to);
        else if (from !== undefined) open({ kind: "trace", from });
      },
    },
    {
      id: "mesh.userEvent",
      title: "faults:mesh.userEvent",
      group: "mesh",
      icon: Send,
      places: ["canvas", "mesh"],
      when: (app) => onlyWhereKnown(app, "user.event"),
      run: () => open({ kind: "user-event" }),
    },
  ];
}
