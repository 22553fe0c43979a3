import type { CommandType } from "#shared/contract/commands.ts";
import type { TFunction } from "i18next";
import { Zap } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { PreviewNotes } from "../../../app/hooks/preview-notes.tsx";
import { useMeshVersion, useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { useSelection } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { Field, Select, TextInput } from "../../../ui/field.tsx";
import { Segmented, Toggle } from "../../../ui/toggle.tsx";
import { useFaults, useFaultsStore } from "../context.ts";
import {
  type DraftProblem,
  draftCommands,
  FAULT_KINDS,
  type FaultDraft,
  type FaultKind,
  hasTwoEnds,
  NUMBER_FIELDS,
  type NumberField,
  SCOPES,
  USED_NUMBERS,
} from "../model/draft.ts";
import { PRESETS, presetDraft } from "../model/presets.ts";
import { NodesField } from "./nodes-field.tsx";

const COMMAND_OF: Readonly<Record<FaultKind, CommandType>> = {
  partition: "network.partition",
  conditions: "network.conditions",
  cut: "network.cut",
  slow: "node.slow",
  clock: "clock.skew",
};

/** One form for every fault: what, where, how bad, how long, and what will come of it. */
export function FaultForm(): ReactNode {
  const { t } = useTranslation("faults");
  const draft = useFaults((state) => state.draft);
  const { edit } = useFaultsStore().getState();
  const ids = useNodeIds();
  const result = draftCommands(draft, ids);
  // Nobody is told about an empty field before trying to apply it.
  const [tried, setTried] = useState(false);
  const problems = result.ok ? [] : result.problems;
  const shown = tried
    ? problems
    : problems.filter((problem) => problem.code === "range" || problem.code === "number");
  return (
    <form
      className="fault-form"
      aria-label={t("form.title")}
      onSubmit={(event) => event.preventDefault()}
    >
      <PresetRow ids={ids} />
      <Segmented
        label={t("form.kind")}
        value={draft.kind}
        onChange={(kind) => edit({ kind })}
        options={FAULT_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
      />
      <Where draft={draft} problems={shown} />
      <Numbers draft={draft} problems={shown} />
      <Consequence draft={draft} result={result} onTry={() => setTried(!result.ok)} />
    </form>
  );
}

function PresetRow({ ids }: { readonly ids: readonly string[] }): ReactNode {
  const { t } = useTranslation("faults");
  const store = useFaultsStore();
  const { selection } = useApp();
  return (
    <div className="row row--wrap">
      <span className="muted">{t("preset.label")}</span>
      {PRESETS.map((preset) => (
        <Button
          key={preset}
          size="sm"
          title={t(`preset.about.${preset}`)}
          onClick={() => {
            const picked = [...selection.getState().nodes].filter((id) => ids.includes(id));
            store.getState().fill(presetDraft(preset, picked, ids));
          }}
        >
          {t(`preset.name.${preset}`)}
        </Button>
      ))}
    </div>
  );
}

interface PartProps {
  readonly draft: FaultDraft;
  readonly problems: readonly DraftProblem[];
}

function Where({ draft, problems }: PartProps): ReactNode {
  const { t } = useTranslation("faults");
  const { edit } = useFaultsStore().getState();
  const filled = useFaults((state) => state.filled);
  const needsTargets = draft.kind !== "conditions" || draft.scope !== "mesh";
  const twoEnds = hasTwoEnds(draft);
  const error = (field: "targets" | "others"): string | undefined =>
    problemText(
      t,
      problems.find((problem) => problem.field === field),
    );
  return (
    <div className="fault-form__where">
      {draft.kind === "conditions" ? (
        <Field label={t("form.scope")}>
          {(field) => (
            <Select
              {...field}
              value={draft.scope}
              onChange={(scope) => edit({ scope })}
              options={SCOPES.map((scope) => ({ value: scope, label: t(`scope.${scope}`) }))}
            />
          )}
        </Field>
      ) : null}
      {needsTargets ? (
        <NodesField
          key={`targets-${filled}`}
          label={t(twoEnds ? "form.from" : "form.nodes")}
          value={draft.targets}
          error={error("targets")}
          onChange={(targets) => edit({ targets })}
        />
      ) : null}
      {twoEnds ? (
        <NodesField
          key={`others-${filled}`}
          label={t("form.to")}
          hint={t("form.rest")}
          value={draft.others}
          error={error("others")}
          onChange={(others) => edit({ others })}
        />
      ) : null}
      {twoEnds && draft.kind !== "partition" ? (
        <Toggle
          label={t("form.oneWay")}
          checked={draft.oneWay}
          onChange={(oneWay) => edit({ oneWay })}
        />
      ) : null}
    </div>
  );
}

function Numbers({ draft, problems }: PartProps): ReactNode {
  const { t } = useTranslation("faults");
  const { edit } = useFaultsStore().getState();
  const used = NUMBER_FIELDS.filter((field) => USED_NUMBERS[draft.kind].includes(field));
  const set = (field: NumberField, text: string): void =>
    edit({ numbers: { ...draft.numbers, [field]: text } });
  const missing = problemText(
    t,
    problems.find((problem) => problem.field === "conditions"),
  );
  return (
    <>
      <div className="fault-form__numbers">
        {used.map((field) => (
          <Field
            key={field}
            label={t(`number.${field}`)}
            error={problemText(
              t,
              problems.find((problem) => problem.field === field),
            )}
          >
            {(control) => (
              <TextInput
                {...control}
                inputMode="decimal"
                value={draft.numbers[field] ?? ""}
                onChange={(event) => set(field, event.currentTarget.value)}
              />
            )}
          </Field>
        ))}
      </div>
      {missing === undefined ? null : (
        <p className="field__note field__note--error" role="alert">
          {missing}
        </p>
      )}
    </>
  );
}

function problemText(
  t: TFunction<"faults">,
  problem: DraftProblem | undefined,
): string | undefined {
  if (problem === undefined) return undefined;
  const { code, min, max } = problem;
  return t(`problem.${code}`, { min, max });
}

interface ConsequenceProps {
  readonly draft: FaultDraft;
  readonly result: ReturnType<typeof draftCommands>;
  readonly onTry: () => void;
}

/** What applying it would do, before it is done. */
function Consequence({ draft, result, onTry }: ConsequenceProps): ReactNode {
  const { t } = useTranslation("faults");
  const app = useApp();
  // The consequence follows the mesh, not only the form.
  useMeshVersion();
  useSelection((state) => state.nodes);
  const [first] = result.ok ? result.commands : [];
  const preview = first === undefined ? undefined : app.preview(first);
  const apply = async (): Promise<void> => {
    onTry();
    if (!result.ok) return;
    for (const command of result.commands) if (!(await app.perform(command))) return;
  };
  return (
    <div className="fault-form__end">
      <div className="grow">
        {preview === undefined ? null : <PreviewNotes preview={preview} />}
      </div>
      <Button
        variant="danger"
        icon={<Zap aria-hidden />}
        disabledReason={app.refusal(COMMAND_OF[draft.kind])}
        onClick={() => void apply()}
      >
        {t("form.apply")}
      </Button>
    </div>
  );
}
