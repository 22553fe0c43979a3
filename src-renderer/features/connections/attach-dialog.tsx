import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, TextInput } from "../../ui/field.tsx";
import { attachRequest, checkAttach, kindOfAddress } from "./address.ts";
import { openDialog } from "./dialogs.ts";
import { useOpen } from "./use-open.ts";

export function AttachDialog(): ReactNode {
  const { t } = useTranslation("connections");
  const formId = useId();
  const { busy, error, open } = useOpen();
  const [form, setForm] = useState({ address: "", secret: "" });
  const [tried, setTried] = useState(false);
  const problems = checkAttach(form);
  const kind = kindOfAddress(form.address);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (busy || problems.address !== undefined || problems.secret !== undefined) return;
    void open(attachRequest(form));
  };
  const wrong = (field: "address" | "secret") => {
    const problem = problems[field];
    return tried && problem !== undefined ? t(`attach.bad.${field}.${problem}`) : undefined;
  };
  return (
    <Dialog
      title={t("attach.title")}
      closeLabel={t("cancel")}
      onClose={() => openDialog(undefined)}
      footer={
        <>
          <Button onClick={() => openDialog(undefined)}>{t("cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabledReason={busy ? t("opening") : undefined}
          >
            {t("attach.open")}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={submit} noValidate>
        <Field label={t("attach.address")} hint={t("attach.addressHint")} error={wrong("address")}>
          {(field) => (
            <TextInput
              {...field}
              autoFocus
              placeholder="serf://127.0.0.1:7373"
              maxLength={256}
              value={form.address}
              onChange={(event) => setForm({ ...form, address: event.currentTarget.value })}
            />
          )}
        </Field>
        <Field
          label={t(kind === "serf" ? "attach.authKey" : "attach.token")}
          hint={t(kind === "serf" ? "attach.authKeyHint" : "attach.tokenHint")}
          error={wrong("secret")}
        >
          {(field) => (
            <TextInput
              {...field}
              type="password"
              maxLength={256}
              value={form.secret}
              onChange={(event) => setForm({ ...form, secret: event.currentTarget.value })}
            />
          )}
        </Field>
        <p className="muted">{t(`attach.about.${kind ?? "unknown"}`)}</p>
        {error === undefined ? null : (
          <p className="form-error" role="alert">
            {error}
          </p>
        )}
      </form>
    </Dialog>
  );
}
