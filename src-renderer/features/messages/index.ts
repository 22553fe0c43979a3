import { Waypoints } from "lucide-react";
import { createElement } from "react";
import type { Feature } from "../../app/feature.ts";
import { messageCommands } from "./commands.ts";
import { MessagesContext } from "./context.ts";
import { MessagesPage } from "./messages-page.tsx";
import { ChosenPanel } from "./side/chosen-panel.tsx";
import { createMessagesStore } from "./store.ts";

const store = createMessagesStore();

export const messages: Feature = {
  id: "messages",
  view: {
    title: "messages:title",
    icon: Waypoints,
    order: 15,
    section: "mesh",
    keys: ["g m"],
    dockless: true,
    Component: () => createElement(MessagesContext, { value: store }, createElement(MessagesPage)),
  },
  inspector: [
    {
      id: "messages",
      order: 5,
      Component: () => createElement(MessagesContext, { value: store }, createElement(ChosenPanel)),
    },
  ],
  commands: messageCommands(store),
};
