import { ScrollText } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { LOG_COMMANDS } from "./commands.ts";
import { LogView } from "./log-view.tsx";
import { LogsPage } from "./logs-page.tsx";

export const logs: Feature = {
  id: "logs",
  view: {
    title: "logs:title",
    icon: ScrollText,
    order: 30,
    section: "mesh",
    keys: ["g l"],
    dockless: true,
    Component: LogsPage,
  },
  dock: [{ id: "logs", title: "logs:title", icon: ScrollText, order: 20, Component: LogView }],
  commands: LOG_COMMANDS,
};
