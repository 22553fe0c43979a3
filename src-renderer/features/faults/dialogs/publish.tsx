import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { Field, TextInput } from "../../../ui/field.tsx";
import { Toggle } from "../../../ui/toggle.tsx";
import { FormDialog } from "./form-dialog.tsx";

export interface PublishDialogProps {
  readonly node: string;
  readonly onClose: () => void;
}

export function PublishDialog({ node, onClose }: PublishDialogProps): ReactNode {
  const { t } = useTranslation("faults");
  const app = useApp();
  const [topic, setTopic] = useState("news");
  const [payload, setPayload] = useState("");
  const [urgent, setUrgent] = useState(true);
  const command: MeshCommandInput = {
    type: "rumour.publish",
    node,
    topic: topic.trim(),
    payload,
    urgent,
  };
  return (
    <FormDialog
      title={t("dialog.publishAt", { node })}
      action={t("dialog.publish")}
      command={topic.trim() === "" ? undefined : command}
      missing={t("dialog.topicMissing")}
      onSend={(send) => void app.perform(send)}
      onClose={onClose}
    >
      <Field label={t("dialog.topic")}>
        {(field) => (
          <TextInput
            {...field}
            maxLength={128}
            value={topic}
            onChange={(event) => setTopic(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("dialog.payload")}>
        {(field) => (
          <textarea
            {...field}
            className="input"
            maxLength={4_096}
            value={payload}
            onChange={(event) => setPayload(event.currentTarget.value)}
          />
        )}
      </Field>
      <Toggle label={t("dialog.urgent")} checked={urgent} onChange={setUrgent} />
    </FormDialog>
  );
}
