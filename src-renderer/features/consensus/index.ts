import { Landmark } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { CONSENSUS_COMMANDS } from "./commands.ts";
import { ConsensusPage } from "./consensus-page.tsx";

export const consensus: Feature = {
  id: "consensus",
  view: {
    title: "consensus:title",
    icon: Landmark,
    order: 20,
    section: "mesh",
    keys: ["g a"],
    dockless: true,
    Component: ConsensusPage,
  },
  commands: CONSENSUS_COMMANDS,
};
