import { Megaphone } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { useNodeIds } from "../../app/hooks/use-mesh.ts";
import { useConsole, useSelection } from "../../app/hooks/use-stores.ts";
import { Button } from "../../ui/button.tsx";
import { Field, Select, TextInput } from "../../ui/field.tsx";
import { Toggle } from "../../ui/toggle.tsx";

export function PublishForm(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("gossip");
  const nodes = useNodeIds();
  // What the command can do follows the session and the active mesh.
  useConsole((state) => state.listings);
  const selected = useSelection((state) => [...state.nodes][0]);
  const [chosen, setChosen] = useState<string>();
  const [topic, setTopic] = useState("news");
  const [payload, setPayload] = useState("");
  const [urgent, setUrgent] = useState(true);
  const node = [chosen, selected, nodes[0]].find((id) => id !== undefined && nodes.includes(id));
  const refusal =
    app.refusal("rumour.publish") ??
    (node === undefined
      ? t("publish.noNode")
      : topic.trim() === ""
        ? t("publish.noTopic")
        : undefined);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== undefined || node === undefined) return;
    const done = await app.perform({
      type: "rumour.publish",
      node,
      topic: topic.trim(),
      payload,
      urgent,
    });
    if (done) setPayload("");
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <div className="gossip__pair">
        <Field label={t("publish.node")}>
          {(field) => (
            <Select
              {...field}
              value={node ?? ""}
              options={nodes.map((id) => ({ value: id, label: id }))}
              onChange={setChosen}
            />
          )}
        </Field>
        <TopicField topic={topic} onChange={setTopic} />
      </div>
      <Field label={t("publish.payload")}>
        {(field) => (
          <TextInput
            {...field}
            maxLength={4_096}
            placeholder={t("publish.placeholder")}
            value={payload}
            onChange={(event) => setPayload(event.currentTarget.value)}
          />
        )}
      </Field>
      <div className="row">
        <Toggle label={t("publish.urgent")} checked={urgent} onChange={setUrgent} />
        <span className="grow" />
        <Button type="submit" variant="primary" icon={<Megaphone />} disabledReason={refusal}>
          {t("publish.go")}
        </Button>
      </div>
    </form>
  );
}

interface TopicFieldProps {
  readonly topic: string;
  readonly onChange: (topic: string) => void;
}

function TopicField({ topic, onChange }: TopicFieldProps): ReactNode {
  const { t } = useTranslation("gossip");
  return (
    <Field label={t("publish.topic")}>
      {(field) => (
        <TextInput
          {...field}
          maxLength={128}
          value={topic}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}
