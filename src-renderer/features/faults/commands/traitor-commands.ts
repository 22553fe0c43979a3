/** Commands that make a node lie, spoil what it wrote, or hand it the lead. */
import type { FaultView, NodeView } from "#shared/view/model.ts";
import { consensusKind, leadership } from "#shared/view/select/leadership.ts";
import { Crown, HardDrive, HeartHandshake, VenetianMask } from "lucide-react";
import { type Availability, type Command, HIDDEN, off, ON } from "../../../app/commands/command.ts";
import type { AppServices } from "../../../app/services.ts";
import type { FaultsStore } from "../store.ts";
import { liveView, needsNodes, offered, selectedNodes } from "./targets.ts";

type LieSpec = Extract<FaultView["spec"], { kind: "byzantine" }>;

/** The lies that a node was told to tell; none: it is honest. */
export function liesOf(app: AppServices, node: string): LieSpec["behaviours"] {
  for (const { spec } of liveView(app)?.faults.values() ?? []) {
    if (spec.kind === "byzantine" && spec.node === node) return spec.behaviours;
  }
  return [];
}

export function traitorCommands(store: FaultsStore): readonly Command[] {
  const { open } = store.getState();
  return [
    {
      id: "node.byzantine",
      title: "faults:node.byzantine",
      group: "node",
      icon: VenetianMask,
      places: ["node"],
      danger: true,
      when: (app) => needsNodes(app, offered(app, "node.byzantine"), 1),
      run(app) {
        const [node] = selectedNodes(app);
        if (node !== undefined) open({ kind: "byzantine", node: node.id });
      },
    },
    {
      id: "node.honest",
      title: "faults:node.honest",
      group: "node",
      icon: HeartHandshake,
      places: ["node"],
      when(app) {
        const known = needsNodes(app, offered(app, "node.byzantine"));
        if (known.state !== "on") return known;
        return liars(app).length > 0 ? ON : off("faults:off.honest");
      },
      async run(app) {
        for (const { id } of liars(app)) {
          if (!(await app.perform({ type: "node.byzantine", node: id, behaviours: [] }))) return;
        }
      },
    },
    {
      id: "node.damageDisk",
      title: "faults:node.damageDisk",
      group: "node",
      icon: HardDrive,
      places: ["node"],
      danger: true,
      when(app) {
        const known = needsNodes(app, offered(app, "disk.damage"), 1);
        if (known.state !== "on") return known;
        const [node] = selectedNodes(app);
        return node?.process === "stopped" ? ON : off("faults:off.notStopped");
      },
      run(app) {
        const [node] = selectedNodes(app);
        if (node !== undefined) open({ kind: "disk", node: node.id });
      },
    },
    leadCommand(),
  ];
}

const liars = (app: AppServices): readonly NodeView[] =>
  selectedNodes(app).filter(({ id }) => liesOf(app, id).length > 0);

/** Only Raft lets its leader choose; in pBFT primaries take turns. */
function leadCommand(): Command {
  const when = (app: AppServices): Availability => {
    const view = liveView(app);
    if (view === undefined || consensusKind(view) !== "raft") return HIDDEN;
    const known = needsNodes(app, offered(app, "consensus.transfer"), 1);
    if (known.state !== "on") return known;
    const { state, leader } = leadership(view);
    if (state !== "led") return off("faults:off.nobodyLeads");
    const [node] = selectedNodes(app);
    if (node?.id === leader) return off("faults:off.leads");
    return node?.process === "running" ? ON : off("faults:off.notRunning");
  };
  return {
    id: "node.lead",
    title: "faults:node.lead",
    group: "node",
    icon: Crown,
    places: ["node"],
    danger: true,
    when,
    preview(app) {
      const [node] = selectedNodes(app);
      return node === undefined ? undefined : { type: "consensus.transfer", to: node.id };
    },
    async run(app) {
      const [node] = selectedNodes(app);
      if (node !== undefined) await app.perform({ type: "consensus.transfer", to: node.id });
    },
  };
}
