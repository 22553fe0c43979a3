import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Field, TextInput } from "../../ui/field.tsx";
import { attachRequest, checkAttach, kindOfAddress } from "./address.ts";
import { DialogFrame } from "./dialog-frame.tsx";
import { useOpen } from "./use-open.ts";

export function AttachDialog(): ReactNode {
  const { t } = useTranslation("connections");
  const { busy, error, open } = useOpen();
  const [form, setForm] = useState({ address: "", secret: "" });
  const [tried, setTried] = useState(false);
  const problems = checkAttach(form);
  const kind = kindOfAddress(form.address);
  const secret = kind === "serf" ? "authKey" : "token";
  const submit = () => {
    setTried(true);
    if (problems.address === undefined && problems.secret === undefined) {
      void open(attachRequest(form));
    }
  };
  const wrong = (field: "address" | "secret") => {
    const problem = problems[field];
    return tried && problem !== undefined ? t(`attach.bad.${field}.${problem}`) : undefined;
  };
  return (
    <DialogFrame
      title={t("attach.title")}
      submitLabel={t("attach.open")}
      disabledReason={busy ? t("opening") : undefined}
      error={error}
      onSubmit={submit}
    >
      <Field label={t("attach.address")} hint={t("attach.addressHint")} error={wrong("address")}>
        {(field) => (
          <TextInput
            {...field}
            data-autofocus
            placeholder="serf://127.0.0.1:7373"
            maxLength={256}
            value={form.address}
            onChange={(event) => setForm({ ...form, address: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t(`attach.${secret}`)} hint={t(`attach.${secret}Hint`)} error={wrong("secret")}>
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
    </DialogFrame>
  );
}
