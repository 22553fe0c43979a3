import { ListTree } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { EventList } from "./event-list.tsx";
import { EventsPage } from "./events-page.tsx";

export const events: Feature = {
  id: "events",
  view: {
    title: "events:title",
    icon: ListTree,
    order: 20,
    section: "mesh",
    keys: ["g e"],
    dockless: true,
    Component: EventsPage,
  },
  dock: [{ id: "events", title: "events:title", icon: ListTree, order: 10, Component: EventList }],
};
