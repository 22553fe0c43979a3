import { Send } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { Field, Select, TextInput } from "../../../ui/field.tsx";

const MAX_VALUE = 4_096;

export function ProposeForm(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("consensus");
  const nodes = useNodeIds();
  // What the command can do follows the session and the active mesh.
  useConsole((state) => state.listings);
  const [value, setValue] = useState("");
  const [chosen, setChosen] = useState("");
  const node = nodes.includes(chosen) ? chosen : "";
  const empty = value.trim() === "" ? t("propose.empty") : undefined;
  const refusal = app.refusal("consensus.propose") ?? empty;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== undefined) return;
    const through = node === "" ? {} : { node };
    const done = await app.perform({ type: "consensus.propose", value, ...through }, QUIET);
    if (done) setValue("");
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <Field label={t("propose.value")}>
        {(field) => (
          <TextInput
            {...field}
            maxLength={MAX_VALUE}
            placeholder={t("propose.placeholder")}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("propose.node")}>
        {(field) => (
          <Select
            {...field}
            value={node}
            options={[
              { value: "", label: t("propose.auto") },
              ...nodes.map((id) => ({ value: id, label: id })),
            ]}
            onChange={setChosen}
          />
        )}
      </Field>
      <Button type="submit" variant="primary" icon={<Send />} disabledReason={refusal}>
        {t("propose.go")}
      </Button>
    </form>
  );
}

/** The outcome appears in the list of requests below. */
const QUIET = { quiet: true } as const;
