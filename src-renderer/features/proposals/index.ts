import { Gavel } from "lucide-react";
import { createElement } from "react";
import type { Feature } from "../../app/feature.ts";
import { decisionCommands } from "./commands.ts";
import { DecisionsContext } from "./context.ts";
import { DecisionsPage } from "./decisions-page.tsx";
import { createDecisionsStore } from "./store.ts";

const store = createDecisionsStore();

export const decisions: Feature = {
  id: "decisions",
  view: {
    title: "decisions:title",
    icon: Gavel,
    order: 26,
    section: "mesh",
    keys: ["g d"],
    dockless: true,
    Component: () =>
      createElement(DecisionsContext, { value: store }, createElement(DecisionsPage)),
  },
  commands: decisionCommands(store),
};
