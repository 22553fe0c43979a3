import { FolderPlus } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type MemoryMode,
  memoryModeSchema,
  namespaceSchema,
} from "#shared/contract/state-events.ts";
import { useApp } from "../../../app/context.ts";
import { useDescription } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { Field, Select, TextInput } from "../../../ui/field.tsx";
import { useMemory, useMemoryStore } from "../context.ts";

const MODES = memoryModeSchema.options;
const MAX_NAME = 64;

export function AddNamespace(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("memory");
  const store = useMemoryStore();
  useDescription();
  // What the command can do follows the session and the active mesh.
  useConsole((state) => state.listings);
  const [name, setName] = useState("");
  const [mode, setMode] = useState<MemoryMode>("register");
  const input = useRef<HTMLInputElement>(null);
  const focus = useMemory((state) => state.focus);
  useEffect(() => {
    if (focus.times > 0 && focus.on === "namespace") input.current?.focus();
  }, [focus]);
  const good = namespaceSchema.safeParse(name).success;
  const missing = name === "" ? t("add.empty") : good ? undefined : t("add.bad");
  const refusal = app.refusal("memory.namespace") ?? missing;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== undefined) return;
    const done = await app.perform({ type: "memory.namespace", namespace: name, mode });
    if (!done) return;
    store.getState().change({ namespace: name });
    setName("");
  };
  return (
    <form className="stack" aria-label={t("add.title")} onSubmit={(event) => void submit(event)}>
      <h2 className="memory__heading">{t("add.title")}</h2>
      <Field label={t("add.name")} error={name === "" || good ? undefined : t("add.bad")}>
        {(field) => (
          <TextInput
            {...field}
            ref={input}
            maxLength={MAX_NAME}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label={t("add.mode")} hint={t(`price.${mode}`)}>
        {(field) => (
          <Select
            {...field}
            value={mode}
            options={MODES.map((each) => ({ value: each, label: t(`mode.${each}`) }))}
            onChange={setMode}
          />
        )}
      </Field>
      <Button type="submit" icon={<FolderPlus />} disabledReason={refusal}>
        {t("add.go")}
      </Button>
    </form>
  );
}
