import { Gauge, Gavel, Hand, ShieldQuestion, ThumbsDown, ThumbsUp } from "lucide-react";
import type { CommandType, MeshCommandInput } from "#shared/contract/commands.ts";
import type { VotePolicy } from "#shared/contract/state-events.ts";
import { type Command, off, OFF_NO_MESH, ON } from "../../app/commands/command.ts";
import type { AppServices } from "../../app/services.ts";
import type { DecisionsStore, DecisionsTab } from "./store.ts";

const POLICY_ICONS = { manual: Hand, accept: ThumbsUp, reject: ThumbsDown } as const;

export function decisionCommands(store: DecisionsStore): readonly Command[] {
  return [
    {
      id: "decisions.call",
      title: "decisions:command.call",
      group: "mesh",
      icon: Gavel,
      when: (app) => offered(app, "proposal.call"),
      run(app) {
        show(app);
        store.getState().askForCall();
      },
    },
    {
      id: "decisions.vote",
      title: "decisions:command.vote",
      group: "mesh",
      icon: Hand,
      when(app) {
        const known = offered(app, "proposal.vote");
        const count = app.console.getState().mesh?.view.proposals.list.size ?? 0;
        return known.state === "on" && count === 0 ? off("decisions:none.title") : known;
      },
      run(app) {
        show(app);
        store.getState().show("decisions");
      },
    },
    ...(["manual", "accept", "reject"] as const).map(policyCommand),
    tabCommand(store, "standing", ShieldQuestion),
    tabCommand(store, "load", Gauge),
  ];
}

/** For the selected nodes; for all where none is selected. */
function policyCommand(policy: VotePolicy): Command {
  return {
    id: `decisions.policy.${policy}`,
    title: `decisions:command.policy.${policy}`,
    group: "node",
    icon: POLICY_ICONS[policy],
    when: (app) => offered(app, "proposal.policy"),
    async run(app) {
      const command = setPolicy(app, policy);
      if (command !== undefined) await app.perform(command);
    },
    preview: (app) => setPolicy(app, policy),
  };
}

function setPolicy(app: AppServices, policy: VotePolicy): MeshCommandInput | undefined {
  const known = app.console.getState().mesh?.live.nodes;
  const selected = [...app.selection.getState().nodes].filter((id) => known?.has(id) === true);
  const nodes = selected.length > 0 ? selected : [...(known?.keys() ?? [])];
  return nodes.length === 0 ? undefined : { type: "proposal.policy", nodes, policy };
}

function tabCommand(store: DecisionsStore, tab: DecisionsTab, icon: typeof Gauge): Command {
  return {
    id: `decisions.show.${tab}`,
    title: `decisions:command.${tab}`,
    group: "view",
    icon,
    when: (app) => (app.console.getState().mesh === undefined ? OFF_NO_MESH : ON),
    run(app) {
      show(app);
      store.getState().show(tab);
    },
  };
}

function show(app: AppServices): void {
  app.prefs.getState().change({ view: "decisions" });
}

function offered(app: AppServices, type: CommandType): ReturnType<Command["when"]> {
  if (app.console.getState().mesh === undefined) return OFF_NO_MESH;
  const refusal = app.refusal(type);
  return refusal === undefined ? ON : off(refusal);
}
