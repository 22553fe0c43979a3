import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import type { SavedRun } from "#shared/contract/inspection.ts";
import { useApp } from "../../app/context.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, TextInput } from "../../ui/field.tsx";
import { cleanText } from "../../ui/text.ts";
import { deleteRun, saveRun } from "./actions.ts";
import { runsStore } from "./store.ts";

const MAX_NAME = 128;
const close = (): void => runsStore.setState({ dialog: undefined });

export function RunDialogs(): ReactNode {
  const dialog = useStore(runsStore, (state) => state.dialog);
  switch (dialog?.kind) {
    case "save":
      return <SaveDialog mesh={dialog.mesh} initial={dialog.name} />;
    case "delete":
      return <DeleteDialog run={dialog.run} />;
    case undefined:
      return null;
  }
}

interface SaveDialogProps {
  readonly mesh: string;
  readonly initial: string;
}

function SaveDialog({ mesh, initial }: SaveDialogProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("runs");
  const formId = useId();
  const [name, setName] = useState(initial);
  const [busy, setBusy] = useState(false);
  const reason = busy ? t("save.busy") : name.trim() === "" ? t("save.empty") : undefined;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (reason !== undefined) return;
    setBusy(true);
    const saved = await saveRun(app, mesh, name.trim());
    setBusy(false);
    if (saved) close();
  };
  return (
    <Dialog
      title={t("save.title")}
      closeLabel={t("cancel")}
      onClose={close}
      size="sm"
      footer={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" disabledReason={reason}>
            {t(busy ? "save.busy" : "save.go")}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={(event) => void submit(event)} noValidate>
        <p className="muted">{t("save.text")}</p>
        <Field label={t("save.name")}>
          {(field) => (
            <TextInput
              {...field}
              data-autofocus
              value={name}
              maxLength={MAX_NAME}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function DeleteDialog({ run }: { readonly run: SavedRun }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("runs");
  return (
    <Dialog
      title={t("delete.title")}
      closeLabel={t("cancel")}
      onClose={close}
      size="sm"
      footer={
        <>
          <Button data-autofocus onClick={close}>
            {t("cancel")}
          </Button>
          <Button
            variant="danger"
            onClick={() => {
              close();
              void deleteRun(app, run);
            }}
          >
            {t("delete.go", { name: cleanText(run.name, 40) })}
          </Button>
        </>
      }
    >
      <p>{t("delete.text", { name: cleanText(run.name, 80) })}</p>
    </Dialog>
  );
}
