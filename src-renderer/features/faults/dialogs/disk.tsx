import { type DiskDamage, diskDamageSchema } from "#shared/contract/agreement-commands.ts";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { Field, Select } from "../../../ui/field.tsx";
import type { NodeDialogProps } from "./byzantine.tsx";
import { FormDialog } from "./form-dialog.tsx";

/** What happens to the records of a node that is stopped; it finds out when it starts. */
export function DiskDialog({ node, onClose }: NodeDialogProps): ReactNode {
  const { t } = useTranslation("faults");
  const app = useApp();
  const [damage, setDamage] = useState<DiskDamage>("flip-bit");
  return (
    <FormDialog
      title={t("dialog.diskAt", { node })}
      action={t("dialog.damage")}
      command={{ type: "disk.damage", node, damage }}
      onSend={(send) => void app.perform(send)}
      onClose={onClose}
    >
      <Field label={t("dialog.damageKind")} hint={t(`damage.about.${damage}`)}>
        {(field) => (
          <Select
            {...field}
            value={damage}
            options={diskDamageSchema.options.map((each) => ({
              value: each,
              label: t(`damage.${each}`),
            }))}
            onChange={setDamage}
          />
        )}
      </Field>
    </FormDialog>
  );
}
