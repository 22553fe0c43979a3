import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, TextInput } from "../../ui/field.tsx";
import { useUi } from "../hooks/use-stores.ts";
import type { Confirmation } from "../ui-store.ts";
import { PreviewNotes } from "../hooks/preview-notes.tsx";

/** The worst tier: says what will be hit, wants the name typed, and takes a reason for the audit. */
export function ConfirmDialog(): ReactNode {
  const confirmation = useUi((state) => state.confirmation);
  return confirmation === undefined ? null : <Question confirmation={confirmation} />;
}

function Question({ confirmation }: { readonly confirmation: Confirmation }): ReactNode {
  const { t } = useTranslation("app");
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const { preview, what, answer } = confirmation;
  const word = preview.confirmWord ?? "";
  const matches = typed.trim() === word;
  const cancel = () => answer(undefined, false);
  return (
    <Dialog
      title={what}
      closeLabel={t("cancel")}
      onClose={cancel}
      footer={
        <>
          <Button data-autofocus onClick={cancel}>
            {t("cancel")}
          </Button>
          <Button
            variant="danger"
            disabledReason={matches ? undefined : t("confirm.type", { word })}
            onClick={() => answer(reason.trim(), true)}
          >
            {what}
          </Button>
        </>
      }
    >
      <div className="stack">
        <PreviewNotes preview={preview} />
        <Field label={t("confirm.type", { word })}>
          {(field) => (
            <TextInput {...field} value={typed} onChange={(e) => setTyped(e.currentTarget.value)} />
          )}
        </Field>
        <Field label={t("confirm.reason")}>
          {(field) => (
            <TextInput
              {...field}
              maxLength={512}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
    </Dialog>
  );
}
