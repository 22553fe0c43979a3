import { TOPOLOGY_KINDS } from "#shared/contract/primitives.ts";
import {
  Crosshair,
  Maximize,
  Network,
  Search,
  Shuffle,
  Table2,
  ZoomIn,
  ZoomOut,
} from "lucide-react";
import { type Availability, type Command, HIDDEN, off, ON } from "../../app/commands/command.ts";
import type { AppServices } from "../../app/services.ts";
import type { TopologyStore, ViewControls } from "./store.ts";

const ZOOM_STEP = 1.35;

/** Commands of the view itself, and the wanted kind of overlay. */
export function topologyCommands(store: TopologyStore): readonly Command[] {
  return [...viewCommands(store), ...searchCommands(store), ...kindCommands()];
}

function viewCommands(store: TopologyStore): readonly Command[] {
  const drawing = (): Availability =>
    store.getState().controls === undefined ? off("topology:command.noGraph") : ON;
  const withControls = (act: (controls: ViewControls) => void) => (): void => {
    const { controls } = store.getState();
    if (controls !== undefined) act(controls);
  };
  const view = (id: string, rest: Pick<Command, "icon" | "keys" | "run" | "places">): Command => ({
    id: `topology.${id}`,
    title: `topology:command.${id}`,
    group: "view",
    when: drawing,
    ...rest,
  });
  return [
    view("fit", {
      icon: Maximize,
      keys: ["0", "Shift+1"],
      places: ["canvas"],
      run: withControls((controls) => controls.fit()),
    }),
    view("zoomIn", {
      icon: ZoomIn,
      keys: ["+", "="],
      run: withControls((controls) => controls.zoomBy(ZOOM_STEP)),
    }),
    view("zoomOut", {
      icon: ZoomOut,
      keys: ["-"],
      run: withControls((controls) => controls.zoomBy(1 / ZOOM_STEP)),
    }),
    view("relayout", {
      icon: Shuffle,
      places: ["canvas"],
      run: withControls((controls) => controls.relayout()),
    }),
  ];
}

function searchCommands(store: TopologyStore): readonly Command[] {
  const show = (app: AppServices): void => app.prefs.getState().change({ view: "topology" });
  return [
    {
      id: "topology.search",
      title: "topology:command.search",
      group: "view",
      icon: Search,
      keys: ["/"],
      when: (app) => (app.console.getState().mesh === undefined ? HIDDEN : ON),
      run(app) {
        show(app);
        // The field is there once the view is: at the latest with the next frame.
        requestAnimationFrame(() => store.getState().focusSearch?.());
      },
    },
    {
      id: "topology.table",
      title: "topology:command.table",
      group: "view",
      icon: Table2,
      keys: ["g n"],
      when: () => ON,
      run(app) {
        show(app);
        const { tab, change } = store.getState();
        change({ tab: tab === "table" ? "graph" : "table" });
      },
    },
    {
      id: "topology.selectAll",
      title: "topology:command.selectAll",
      group: "view",
      icon: Crosshair,
      keys: ["Mod+A"],
      places: ["canvas"],
      when: (app) => ((app.console.getState().mesh?.view.nodes.size ?? 0) === 0 ? HIDDEN : ON),
      run(app) {
        const nodes = app.console.getState().mesh?.view.nodes.keys() ?? [];
        app.selection.getState().selectNodes([...nodes]);
      },
    },
  ];
}

function kindCommands(): readonly Command[] {
  // A custom overlay needs its links; it comes from a scenario, not from a menu.
  return TOPOLOGY_KINDS.filter((kind) => kind !== "custom").map((kind) => ({
    id: `mesh.topology.${kind}`,
    title: `topology:command.kind.${kind}`,
    group: "mesh",
    icon: Network,
    places: ["mesh"],
    when(app) {
      const refusal = app.refusal("topology.set");
      if (refusal !== undefined) return off(refusal);
      const current = app.console.getState().mesh?.view.mesh.topology;
      return current === kind ? off("topology:command.isThat") : ON;
    },
    async run(app) {
      await app.perform({ type: "topology.set", kind });
    },
    preview: () => ({ type: "topology.set", kind }),
  }));
}
