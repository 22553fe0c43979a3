import {
  BYZANTINE_BEHAVIOURS,
  type ByzantineBehaviour,
} from "#shared/contract/agreement-commands.ts";
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { Field, TextInput } from "../../../ui/field.tsx";
import { Toggle } from "../../../ui/toggle.tsx";
import { liesOf } from "../commands/traitor-commands.ts";
import { FormDialog } from "./form-dialog.tsx";

export interface NodeDialogProps {
  readonly node: string;
  readonly onClose: () => void;
}

const MAX_SECONDS = 86_400;
const MS = 1_000;

/** Which lies a node tells from now on; none makes it honest again. */
export function ByzantineDialog({ node, onClose }: NodeDialogProps): ReactNode {
  const { t } = useTranslation("faults");
  const app = useApp();
  const [before] = useState(() => liesOf(app, node));
  const [told, setTold] = useState<ReadonlySet<ByzantineBehaviour>>(() => new Set(before));
  const [length, setLength] = useState("");
  const seconds = length.trim() === "" ? undefined : Number(length);
  const isLength = seconds === undefined || (seconds > 0 && seconds <= MAX_SECONDS);
  const behaviours = BYZANTINE_BEHAVIOURS.filter((each) => told.has(each));
  const nothing = behaviours.length === 0 && before.length === 0;
  const command: MeshCommandInput = {
    type: "node.byzantine",
    node,
    behaviours,
    ...(seconds === undefined || behaviours.length === 0 ? {} : { forMs: seconds * MS }),
  };
  const toggle = (behaviour: ByzantineBehaviour): void => {
    const next = new Set(told);
    if (!next.delete(behaviour)) next.add(behaviour);
    setTold(next);
  };
  const range = t("problem.range", { min: 0, max: MAX_SECONDS });
  return (
    <FormDialog
      title={t("dialog.byzantineAt", { node })}
      action={t(behaviours.length === 0 ? "dialog.honest" : "dialog.lie")}
      command={nothing || !isLength ? undefined : command}
      missing={isLength ? t("dialog.lieMissing") : range}
      onSend={(send) => void app.perform(send)}
      onClose={onClose}
    >
      <p className="muted">{t("dialog.lieAbout")}</p>
      <fieldset className="lies" aria-label={t("dialog.lies")}>
        {BYZANTINE_BEHAVIOURS.map((behaviour) => (
          <Toggle
            key={behaviour}
            label={t(`byzantine.${behaviour}`)}
            checked={told.has(behaviour)}
            onChange={() => toggle(behaviour)}
          />
        ))}
      </fieldset>
      <Field
        label={t("number.forSeconds")}
        hint={t("dialog.forEver")}
        error={isLength ? undefined : range}
      >
        {(field) => (
          <TextInput
            {...field}
            inputMode="decimal"
            value={length}
            onChange={(event) => setLength(event.currentTarget.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}
