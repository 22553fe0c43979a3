import { Gavel } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { Field, Select, TextInput } from "../../../ui/field.tsx";
import { useDecisions, useDecisionsStore } from "../context.ts";
import { callCommand, type CallDraft, EMPTY_CALL, MAX_TEXT, MAX_TITLE } from "../model/call.ts";

const QUIET = { quiet: true } as const;

/** Asks all members: title, text, how many must be for it, and by when. */
export function CallForm(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("decisions");
  const store = useDecisionsStore();
  const calls = useDecisions((state) => state.calls);
  // What the command can do follows the session and the active mesh.
  useConsole((state) => state.listings);
  const [draft, setDraft] = useState(EMPTY_CALL);
  const edit = (part: Partial<CallDraft>): void => setDraft({ ...draft, ...part });
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (calls > 0) input.current?.focus();
  }, [calls]);
  const result = callCommand(draft);
  const problem = result.ok ? undefined : result.problem;
  const refusal = app.refusal("proposal.call") ?? (problem && t(`call.bad.${problem}`));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== undefined || !result.ok) return;
    const done = await app.perform(result.command, QUIET);
    if (!done) return;
    // The newest is the one that was just called.
    store.getState().choose(undefined);
    setDraft({ ...EMPTY_CALL, percent: draft.percent, seconds: draft.seconds, node: draft.node });
  };
  return (
    <form className="stack" aria-label={t("call.title")} onSubmit={(event) => void submit(event)}>
      <Field label={t("call.name")}>
        {(field) => (
          <TextInput
            {...field}
            ref={input}
            maxLength={MAX_TITLE}
            placeholder={t("call.placeholder")}
            value={draft.title}
            onChange={(event) => edit({ title: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label={t("call.text")}>
        {(field) => (
          <textarea
            {...field}
            className="input"
            rows={2}
            maxLength={MAX_TEXT}
            value={draft.text}
            onChange={(event) => edit({ text: event.currentTarget.value })}
          />
        )}
      </Field>
      <Terms draft={draft} problem={problem} onEdit={edit} />
      <Caller node={draft.node} onEdit={edit} />
      <Button type="submit" variant="primary" icon={<Gavel />} disabledReason={refusal}>
        {t("call.go")}
      </Button>
    </form>
  );
}

interface TermsProps {
  readonly draft: CallDraft;
  readonly problem: string | undefined;
  readonly onEdit: (part: Partial<CallDraft>) => void;
}

function Terms({ draft, problem, onEdit }: TermsProps): ReactNode {
  const { t } = useTranslation("decisions");
  return (
    <div className="call-form__terms">
      {(["percent", "seconds"] as const).map((name) => (
        <Field
          key={name}
          label={t(`call.${name}`)}
          error={problem === name ? t(`call.bad.${name}`) : undefined}
        >
          {(field) => (
            <TextInput
              {...field}
              inputMode="decimal"
              value={draft[name]}
              onChange={(event) => onEdit({ [name]: event.currentTarget.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

interface CallerProps {
  readonly node: string;
  readonly onEdit: (part: Partial<CallDraft>) => void;
}

function Caller({ node, onEdit }: CallerProps): ReactNode {
  const { t } = useTranslation("decisions");
  const nodes = useNodeIds();
  return (
    <Field label={t("call.node")}>
      {(field) => (
        <Select
          {...field}
          value={nodes.includes(node) ? node : ""}
          options={[
            { value: "", label: t("call.any") },
            ...nodes.map((id) => ({ value: id, label: id })),
          ]}
          onChange={(next) => onEdit({ node: next })}
        />
      )}
    </Field>
  );
}
