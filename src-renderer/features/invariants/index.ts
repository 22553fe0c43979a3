import { ShieldCheck } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { InvariantList } from "./invariant-list.tsx";
import { InvariantsPage } from "./invariants-page.tsx";
import { INVARIANT_GROUPS } from "./rows.ts";

export const invariants: Feature = {
  id: "invariants",
  view: {
    title: "invariants:title",
    icon: ShieldCheck,
    order: 25,
    section: "mesh",
    keys: ["g i"],
    dockless: true,
    Component: InvariantsPage,
  },
  dock: [
    {
      id: "invariants",
      title: "invariants:title",
      icon: ShieldCheck,
      order: 30,
      Component: InvariantList,
    },
  ],
};

/** Every promise that the console has words for. */
export const INVARIANT_NAMES: readonly string[] = INVARIANT_GROUPS.flatMap(
  ({ invariants: names }) => names,
);
