import { Database } from "lucide-react";
import { createElement } from "react";
import type { Feature } from "../../app/feature.ts";
import { memoryCommands } from "./commands.ts";
import { MemoryContext } from "./context.ts";
import { MemoryPage } from "./memory-page.tsx";
import { createMemoryStore } from "./store.ts";

const store = createMemoryStore();

export const memory: Feature = {
  id: "memory",
  view: {
    title: "memory:title",
    icon: Database,
    order: 24,
    section: "mesh",
    keys: ["g k"],
    dockless: true,
    Component: () => createElement(MemoryContext, { value: store }, createElement(MemoryPage)),
  },
  commands: memoryCommands(store),
};
