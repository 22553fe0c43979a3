import { DatabaseZap, Eraser, PencilLine, Search } from "lucide-react";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { MemoryMode } from "#shared/contract/state-events.ts";
import { useApp } from "../../../app/context.ts";
import { useMesh, useNode, useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import type { MeshView } from "#shared/view/model.ts";
import { Button } from "../../../ui/button.tsx";
import { Field, Select, TextInput } from "../../../ui/field.tsx";
import { Panel } from "../../../ui/panel.tsx";
import { Segmented, Toggle } from "../../../ui/toggle.tsx";
import { useMemory, useMemoryStore } from "../context.ts";
import type { SpaceProps } from "../keys/key-table.tsx";
import {
  ACTIONS,
  type DraftProblem,
  draftCommand,
  MAX_KEY,
  MAX_VALUE,
  type MemoryDraft,
  TTL_RANGE,
} from "../model/draft.ts";

const ICONS = { write: <PencilLine />, read: <Search />, delete: <Eraser /> } as const;

/** The outcome appears in the list of requests. */
const QUIET = { quiet: true } as const;

/** Write, read or delete one key, through a node of one's choice. */
export function ActionForm({ space }: SpaceProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("memory");
  const store = useMemoryStore();
  const draft = useMemory((state) => state.draft);
  // What the command can do follows the session and the active mesh.
  useConsole((state) => state.listings);
  useConsole((state) => state.link);
  const { action } = draft;
  const result = draftCommand(space.name, space.mode, draft);
  const problem = result.ok ? undefined : result.problem;
  const words = problem && t(`problem.${problem}`, TTL_RANGE);
  const refusal = app.refusal(`memory.${action}`) ?? words;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== undefined || !result.ok) return;
    const { change: _change, pick, edit } = store.getState();
    pick(draft.key);
    const done = await app.perform(result.command, QUIET);
    if (done && action === "write" && space.mode !== "counter") edit({ value: "" });
  };
  return (
    <Panel title={t("form.title")} icon={<DatabaseZap aria-hidden />}>
      <form className="stack" aria-label={t("form.title")} onSubmit={(event) => void submit(event)}>
        <Segmented
          label={t("form.action")}
          value={action}
          onChange={(next) => store.getState().edit({ action: next })}
          options={ACTIONS.map((each) => ({ value: each, label: t(`form.${each}`) }))}
        />
        <KeyField draft={draft} />
        {action === "write" ? (
          <WriteFields draft={draft} mode={space.mode} problem={problem} />
        ) : null}
        {action === "read" ? <ReadFields draft={draft} mode={space.mode} /> : null}
        <NodeField draft={draft} strong={space.mode === "strong"} />
        <Button
          type="submit"
          variant={action === "delete" ? "danger" : "primary"}
          icon={ICONS[action]}
          disabledReason={refusal}
        >
          {t(`form.${action}`)}
        </Button>
      </form>
    </Panel>
  );
}

interface DraftProps {
  readonly draft: MemoryDraft;
}

function KeyField({ draft }: DraftProps): ReactNode {
  const { t } = useTranslation("memory");
  const { edit } = useMemoryStore().getState();
  const input = useRef<HTMLInputElement>(null);
  const focus = useMemory((state) => state.focus);
  useEffect(() => {
    if (focus.times > 0 && focus.on === "form") input.current?.focus();
  }, [focus]);
  return (
    <Field label={t("form.key")}>
      {(field) => (
        <TextInput
          {...field}
          ref={input}
          maxLength={MAX_KEY}
          value={draft.key}
          onChange={(event) => edit({ key: event.currentTarget.value })}
        />
      )}
    </Field>
  );
}

interface WriteProps extends DraftProps {
  readonly mode: MemoryMode | undefined;
  readonly problem: DraftProblem | undefined;
}

function WriteFields({ draft, mode, problem }: WriteProps): ReactNode {
  const { t } = useTranslation("memory");
  const { edit } = useMemoryStore().getState();
  const what = mode === "counter" || mode === "set" ? mode : "text";
  const isTyped = draft.value !== "";
  const wrong = isTyped && (problem === "integer" || problem === "dash") ? problem : undefined;
  return (
    <>
      {mode === "set" ? (
        <Segmented
          label={t("form.addOrRemove")}
          value={draft.removes ? "remove" : "add"}
          onChange={(way) => edit({ removes: way === "remove" })}
          options={[
            { value: "add", label: t("form.add") },
            { value: "remove", label: t("form.remove") },
          ]}
        />
      ) : null}
      <Field label={t(`form.value.${what}`)} error={wrong && t(`problem.${wrong}`)}>
        {(field) => (
          <TextInput
            {...field}
            maxLength={MAX_VALUE}
            placeholder={mode === "counter" ? "+1" : undefined}
            inputMode={mode === "counter" ? "numeric" : "text"}
            value={draft.value}
            onChange={(event) => edit({ value: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field
        label={t("form.ttl")}
        error={problem === "ttl" ? t("problem.ttl", TTL_RANGE) : undefined}
      >
        {(field) => (
          <TextInput
            {...field}
            inputMode="decimal"
            placeholder={t("form.forEver")}
            value={draft.ttlSeconds}
            onChange={(event) => edit({ ttlSeconds: event.currentTarget.value })}
          />
        )}
      </Field>
      {mode === "strong" ? <Compare draft={draft} /> : null}
    </>
  );
}

function Compare({ draft }: DraftProps): ReactNode {
  const { t } = useTranslation("memory");
  const { edit } = useMemoryStore().getState();
  return (
    <>
      <Toggle
        label={t("form.compare")}
        checked={draft.compares}
        onChange={(compares) => edit({ compares })}
      />
      {draft.compares ? (
        <Field label={t("form.expect")} hint={t("form.expectHint")}>
          {(field) => (
            <TextInput
              {...field}
              maxLength={MAX_VALUE}
              value={draft.expect}
              onChange={(event) => edit({ expect: event.currentTarget.value })}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

interface ReadProps extends DraftProps {
  readonly mode: MemoryMode | undefined;
}

/** A namespace that merges has nothing newer than what a node holds. */
function ReadFields({ draft, mode }: ReadProps): ReactNode {
  const { t } = useTranslation("memory");
  const { edit } = useMemoryStore().getState();
  if (mode !== "strong") return <p className="memory__note">{t("form.localOnly")}</p>;
  const kind = draft.linearizable ? "linearizable" : "local";
  return (
    <>
      <Segmented
        label={t("form.consistency")}
        value={kind}
        onChange={(next) => edit({ linearizable: next === "linearizable" })}
        options={(["linearizable", "local"] as const).map((each) => ({
          value: each,
          label: t(`form.${each}`),
        }))}
      />
      <p className="memory__note">{t(`form.${kind}Hint`)}</p>
    </>
  );
}

const readOnly = (view: MeshView): string =>
  [...view.nodes.values()]
    .filter(({ mode, process }) => mode === "read-only" && process === "running")
    .map(({ id }) => id)
    .join(" ");

interface NodeFieldProps extends DraftProps {
  readonly strong: boolean;
}

function NodeField({ draft, strong }: NodeFieldProps): ReactNode {
  const { t } = useTranslation("memory");
  const { edit } = useMemoryStore().getState();
  const nodes = useNodeIds();
  const refusing = useMesh(readOnly, { pace: "slow" }).split(" ");
  const node = useNode(draft.node);
  const value = nodes.includes(draft.node) ? draft.node : "";
  const stopped = node !== undefined && node.process !== "running";
  const refuses = value !== "" && refusing.includes(value) && draft.action !== "read";
  const warning = stopped
    ? t("form.stopped", { node: value })
    : refuses
      ? t("form.refuses", { node: value })
      : undefined;
  return (
    <Field label={t("form.node")} error={value === "" ? undefined : warning}>
      {(field) => (
        <Select
          {...field}
          value={value}
          options={[
            { value: "", label: t(strong ? "form.leader" : "form.any") },
            ...nodes.map((id) => ({
              value: id,
              label: refusing.includes(id) ? t("form.isReadOnly", { node: id }) : id,
            })),
          ]}
          onChange={(next) => edit({ node: next })}
        />
      )}
    </Field>
  );
}
