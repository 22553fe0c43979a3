import { Network } from "lucide-react";
import { createElement } from "react";
import type { Feature } from "../../app/feature.ts";
import { topologyCommands } from "./commands.ts";
import { TopologyContext } from "./context.ts";
import { createTopologyStore } from "./store.ts";
import { TopologyView } from "./topology-view.tsx";

const store = createTopologyStore();

export const topology: Feature = {
  id: "topology",
  view: {
    title: "topology:title",
    icon: Network,
    order: 10,
    section: "mesh",
    keys: ["g t"],
    Component: () => createElement(TopologyContext, { value: store }, createElement(TopologyView)),
  },
  commands: topologyCommands(store),
};
