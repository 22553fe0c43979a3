import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { Field, Select } from "../../../ui/field.tsx";
import { traceRoute } from "../trace-route.ts";
import { FormDialog } from "./form-dialog.tsx";

export interface TraceDialogProps {
  readonly from: string;
  readonly onClose: () => void;
}

export function TraceDialog({ from, onClose }: TraceDialogProps): ReactNode {
  const { t } = useTranslation("faults");
  const app = useApp();
  const others = useNodeIds().filter((id) => id !== from);
  const [chosen, setChosen] = useState<string>();
  const to = chosen ?? others.at(-1);
  return (
    <FormDialog
      title={t("dialog.traceFrom", { from })}
      action={t("dialog.trace")}
      command={to === undefined ? undefined : { type: "route.trace", from, to }}
      onSend={() => void (to === undefined ? undefined : traceRoute(app, from, to))}
      onClose={onClose}
    >
      <Field label={t("dialog.to")}>
        {(field) => (
          <Select
            {...field}
            value={to ?? ""}
            onChange={setChosen}
            options={others.map((id) => ({ value: id, label: id }))}
          />
        )}
      </Field>
    </FormDialog>
  );
}
