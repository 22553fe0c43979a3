import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { nodeIdSchema } from "#shared/contract/primitives.ts";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { Field, TextInput } from "../../../ui/field.tsx";
import { NodesField } from "../panel/nodes-field.tsx";
import { FormDialog } from "./form-dialog.tsx";

const MAX_SEEDS = 16;

export interface AddNodeDialogProps {
  readonly seed: string | undefined;
  readonly onClose: () => void;
}

export function AddNodeDialog({ seed, onClose }: AddNodeDialogProps): ReactNode {
  const { t } = useTranslation("faults");
  const app = useApp();
  const ids = useNodeIds();
  const [name, setName] = useState("");
  const [zone, setZone] = useState("");
  const [seeds, setSeeds] = useState<readonly string[]>(seed === undefined ? [] : [seed]);
  const id = name.trim();
  const problem = nameProblem(id, ids);
  const command: MeshCommandInput = {
    type: "node.add",
    ...(id === "" ? {} : { node: id }),
    ...(zone.trim() === "" ? {} : { zone: zone.trim() }),
    ...(seeds.length === 0 ? {} : { seeds: seeds.slice(0, MAX_SEEDS) }),
  };
  return (
    <FormDialog
      title={t("node.add")}
      action={t("dialog.add")}
      command={problem === undefined ? command : undefined}
      missing={problem === undefined ? undefined : t(problem)}
      onSend={(send) => void app.perform(send)}
      onClose={onClose}
    >
      <Field
        label={t("dialog.name")}
        hint={t("dialog.nameHint")}
        error={problem === undefined ? undefined : t(problem)}
      >
        {(field) => (
          <TextInput
            {...field}
            maxLength={64}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("dialog.zone")}>
        {(field) => (
          <TextInput
            {...field}
            maxLength={64}
            value={zone}
            onChange={(event) => setZone(event.currentTarget.value)}
          />
        )}
      </Field>
      <NodesField
        label={t("dialog.seeds")}
        hint={t("dialog.seedsHint")}
        error={undefined}
        value={seeds}
        onChange={setSeeds}
      />
    </FormDialog>
  );
}

function nameProblem(id: string, taken: readonly string[]): string | undefined {
  if (id === "") return undefined;
  if (!nodeIdSchema.safeParse(id).success) return "dialog.badName";
  return taken.includes(id) ? "dialog.taken" : undefined;
}
