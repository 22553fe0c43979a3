import { Waves } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { GossipPage } from "./gossip-page.tsx";

export const gossip: Feature = {
  id: "gossip",
  view: {
    title: "gossip:title",
    icon: Waves,
    order: 40,
    section: "mesh",
    keys: ["g g"],
    dockless: true,
    Component: GossipPage,
  },
};
