import { Zap } from "lucide-react";
import { type ComponentType, createElement } from "react";
import type { Feature } from "../../app/feature.ts";
import { formCommands } from "./commands/form-commands.ts";
import { linkCommands } from "./commands/link-commands.ts";
import { NODE_COMMANDS } from "./commands/node-commands.ts";
import { FaultsContext } from "./context.ts";
import { Dialogs } from "./dialogs/dialogs.tsx";
import { FaultsPanel } from "./panel/faults-panel.tsx";
import { createFaultsStore } from "./store.ts";

const store = createFaultsStore();

function withStore(Component: ComponentType): ComponentType {
  return () => createElement(FaultsContext, { value: store }, createElement(Component));
}

export const faults: Feature = {
  id: "faults",
  dock: [
    {
      id: "faults",
      title: "faults:title",
      icon: Zap,
      order: 5,
      Component: withStore(FaultsPanel),
    },
  ],
  commands: [...NODE_COMMANDS, ...linkCommands(store), ...formCommands(store)],
  Overlay: withStore(Dialogs),
};
