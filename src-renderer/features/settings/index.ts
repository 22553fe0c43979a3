import { Settings } from "lucide-react";
import type { Feature } from "../../app/feature.ts";
import { SettingsPage } from "./settings-page.tsx";

export const settings: Feature = {
  id: "settings",
  view: {
    title: "settings:title",
    icon: Settings,
    order: 90,
    section: "console",
    keys: ["g s"],
    Component: SettingsPage,
    meshless: true,
  },
};
