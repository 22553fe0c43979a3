import type { Feature } from "../../app/feature.ts";
import { InspectorPanel } from "./inspector-panel.tsx";

export const inspector: Feature = {
  id: "inspector",
  inspector: [{ id: "inspector", order: 10, Component: InspectorPanel }],
};
