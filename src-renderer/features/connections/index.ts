import { Cable } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { CONNECTION_COMMANDS } from "./commands.ts";
import { ConnectionDialogs } from "./connection-dialogs.tsx";
import { ConnectionsPage } from "./connections-page.tsx";

export const connections: Feature = {
  id: "connections",
  view: {
    title: "connections:title",
    icon: Cable,
    order: 80,
    section: "console",
    keys: ["g c"],
    Component: ConnectionsPage,
    meshless: true,
  },
  commands: CONNECTION_COMMANDS,
  Overlay: ConnectionDialogs,
};
