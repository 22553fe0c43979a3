import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { Field, TextInput } from "../../../ui/field.tsx";
import { Toggle } from "../../../ui/toggle.tsx";
import { FormDialog } from "./form-dialog.tsx";

/** A named event of the attached engine, such as Serf's user events. */
export function UserEventDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation("faults");
  const app = useApp();
  const [name, setName] = useState("");
  const [payload, setPayload] = useState("");
  const [coalesce, setCoalesce] = useState(false);
  const command: MeshCommandInput = { type: "user.event", name: name.trim(), payload, coalesce };
  return (
    <FormDialog
      title={t("mesh.userEvent")}
      action={t("dialog.send")}
      command={name.trim() === "" ? undefined : command}
      missing={t("dialog.eventMissing")}
      onSend={(send) => void app.perform(send)}
      onClose={onClose}
    >
      <Field label={t("dialog.eventName")}>
        {(field) => (
          <TextInput
            {...field}
            maxLength={256}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("dialog.payload")} hint={t("dialog.payloadHint")}>
        {(field) => (
          <TextInput
            {...field}
            maxLength={512}
            value={payload}
            onChange={(event) => setPayload(event.currentTarget.value)}
          />
        )}
      </Field>
      <Toggle label={t("dialog.coalesce")} checked={coalesce} onChange={setCoalesce} />
    </FormDialog>
  );
}
