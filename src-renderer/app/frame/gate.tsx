import { KeyRound } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Field, TextInput } from "../../ui/field.tsx";
import { cleanText } from "../../ui/text.ts";
import { useApp } from "../context.ts";
import { useConsole } from "../hooks/use-stores.ts";
import "./gate.css";
import { Logo } from "./logo.tsx";

/** Asks for the host's token, and says what was wrong with the last one. */
export function Gate(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const link = useConsole((state) => state.link);
  const [token, setToken] = useState("");
  const reason = link.state === "token-needed" ? link.reason : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== "") app.connectWith(token.trim());
  };
  return (
    <main className="gate">
      <form className="gate__card" onSubmit={submit}>
        <div className="gate__logo">
          <Logo />
        </div>
        <h1 className="gate__title">{t("gate.title")}</h1>
        <p className="muted">{t("gate.text")}</p>
        <Field
          label={t("gate.token")}
          error={reason === undefined ? undefined : cleanText(reason, 300)}
        >
          {(field) => (
            <TextInput
              {...field}
              type="password"
              autoComplete="off"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
            />
          )}
        </Field>
        <Button type="submit" variant="primary" size="lg" icon={<KeyRound />}>
          {t("gate.connect")}
        </Button>
      </form>
    </main>
  );
}
