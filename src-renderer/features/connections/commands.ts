import { Download, FilePlay, LayoutTemplate, PlugZap, Plus, Unplug } from "lucide-react";
import { roleAllows } from "#shared/contract/commands.ts";
import {
  type Availability,
  type Command,
  OFF_NO_MESH,
  ON,
  off,
} from "../../app/commands/command.ts";
import type { AppServices } from "../../app/services.ts";
import { downloadText } from "../../ui/download.ts";
import { cleanText } from "../../ui/text.ts";
import { openDialog } from "./dialogs.ts";
import { openMesh } from "./open-mesh.ts";
import { MESH_TEMPLATES, type MeshTemplate } from "./templates.ts";

/** Opening and closing meshes takes an operator. */
function mayOpen(app: AppServices): Availability {
  const { link, role } = app.console.getState();
  if (link.state !== "live") return off("app:refusal.offline");
  if (role !== undefined && !roleAllows(role, "operator")) {
    return off("app:refusal.role", { role: app.t("app:role.operator") });
  }
  return ON;
}

export async function closeMesh(app: AppServices, id: string): Promise<void> {
  await app.host.request("meshes.close", { mesh: id });
}

async function exportRecording(app: AppServices): Promise<void> {
  const { active } = app.console.getState();
  if (active === undefined) return;
  const { text } = await app.host.request("mesh.record", { mesh: active });
  downloadText(`${active}.meshdeck`, text, "application/octet-stream");
}

async function openTemplate(app: AppServices, { request, view }: MeshTemplate): Promise<void> {
  try {
    await openMesh(app, request, view);
  } catch (problem) {
    const detail = problem instanceof Error ? cleanText(problem.message, 300) : undefined;
    const text = app.t("connections:notOpened");
    app.toasts.getState().show({ tone: "danger", text, detail, forMs: NOT_OPENED_MS });
  }
}

const NOT_OPENED_MS = 8_000;

const TEMPLATE_COMMANDS: readonly Command[] = MESH_TEMPLATES.map((template) => ({
  id: `mesh.open.${template.id}`,
  title: `connections:template.${template.id}.open`,
  group: "connection",
  icon: LayoutTemplate,
  when: mayOpen,
  run: (app) => openTemplate(app, template),
}));

export const CONNECTION_COMMANDS: readonly Command[] = [
  ...TEMPLATE_COMMANDS,
  {
    id: "mesh.open",
    title: "connections:command.open",
    group: "connection",
    icon: Plus,
    keys: ["Mod+Shift+O"],
    when: mayOpen,
    run: () => openDialog("simulated"),
  },
  {
    id: "mesh.attach",
    title: "connections:command.attach",
    group: "connection",
    icon: PlugZap,
    when: mayOpen,
    run: () => openDialog("attach"),
  },
  {
    id: "recording.open",
    title: "connections:command.recording",
    group: "connection",
    icon: FilePlay,
    keys: ["Mod+O"],
    when: mayOpen,
    run: () => openDialog("recording"),
  },
  {
    id: "mesh.record",
    title: "connections:command.record",
    group: "mesh",
    icon: Download,
    keys: ["Mod+Shift+E"],
    when: (app) => (app.console.getState().active === undefined ? OFF_NO_MESH : ON),
    run: exportRecording,
  },
  {
    id: "mesh.close",
    title: "connections:command.close",
    group: "connection",
    icon: Unplug,
    when: (app) => (app.console.getState().active === undefined ? OFF_NO_MESH : mayOpen(app)),
    async run(app) {
      const { active } = app.console.getState();
      if (active !== undefined) await closeMesh(app, active);
    },
  },
];
