import { Library } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { RUN_COMMANDS } from "./commands.ts";
import { ForkOrigin } from "./fork-origin.tsx";
import { RunDialogs } from "./run-dialogs.tsx";
import { RunsPage } from "./runs-page.tsx";

export const runs: Feature = {
  id: "runs",
  view: {
    title: "runs:title",
    icon: Library,
    order: 70,
    section: "console",
    keys: ["g r"],
    Component: RunsPage,
    meshless: true,
  },
  inspector: [{ id: "fork", order: 2, Component: ForkOrigin }],
  commands: RUN_COMMANDS,
  Overlay: RunDialogs,
};
