import { Columns2, GitFork, Save } from "lucide-react";
import {
  type Availability,
  type Command,
  OFF_NO_MESH,
  ON,
  off,
} from "../../app/commands/command.ts";
import { sessionMay } from "../../app/commands/session-may.ts";
import type { AppServices } from "../../app/services.ts";
import { activeListing } from "../../state/console.ts";
import { forkHere } from "./actions.ts";
import { runsStore } from "./store.ts";

const MAX_NAME = 100;

/** Only a run that this host can do again. */
function mayFork(app: AppServices): Availability {
  const state = app.console.getState();
  const description = activeListing(state)?.description;
  if (description === undefined || state.mesh === undefined) return OFF_NO_MESH;
  if (description.kind !== "simulated" && description.kind !== "recording") {
    return off("runs:fork.elsewhere");
  }
  if (runsStore.getState().forking !== undefined) return off("runs:fork.oneAtATime");
  if (state.mesh.view.seq === 0) return off("runs:fork.nothing");
  return sessionMay(app, "operator");
}

function maySave(app: AppServices): Availability {
  return app.console.getState().active === undefined ? OFF_NO_MESH : sessionMay(app, "operator");
}

export const RUN_COMMANDS: readonly Command[] = [
  {
    id: "mesh.fork",
    title: "runs:command.fork",
    group: "mesh",
    icon: GitFork,
    keys: ["f"],
    when: mayFork,
    run: forkHere,
  },
  {
    id: "run.save",
    title: "runs:command.save",
    group: "mesh",
    icon: Save,
    keys: ["Mod+Shift+S"],
    when: maySave,
    run(app) {
      const description = activeListing(app.console.getState())?.description;
      if (description === undefined) return;
      const { id, name } = description;
      runsStore.setState({ dialog: { kind: "save", mesh: id, name: name.slice(0, MAX_NAME) } });
    },
  },
  {
    id: "run.compare",
    title: "runs:command.compare",
    group: "view",
    icon: Columns2,
    when: () => ON,
    run(app) {
      runsStore.setState({ tab: "compare" });
      app.prefs.getState().change({ view: "runs" });
    },
  },
];
