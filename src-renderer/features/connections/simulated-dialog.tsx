import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { DETECTORS, TOPOLOGY_KINDS } from "#shared/contract/primitives.ts";
import { Field, NumberInput, Select, TextInput } from "../../ui/field.tsx";
import { DialogFrame } from "./dialog-frame.tsx";
import {
  EMPTY_FORM,
  isInRange,
  type NumberName,
  RANGES,
  type SimulatedForm,
  simulatedRequest,
} from "./simulated-form.ts";
import { useOpen } from "./use-open.ts";

export function SimulatedDialog(): ReactNode {
  const { t } = useTranslation("connections");
  const { busy, error, open } = useOpen();
  const [form, setForm] = useState(EMPTY_FORM);
  const change = (part: Partial<SimulatedForm>) => setForm({ ...form, ...part });
  const request = simulatedRequest(form);
  return (
    <DialogFrame
      title={t("simulated.title")}
      submitLabel={t("simulated.open")}
      disabledReason={busy ? t("opening") : request === undefined ? t("fix") : undefined}
      error={error}
      onSubmit={() => request !== undefined && void open(request)}
    >
      <p className="muted">{t("simulated.about")}</p>
      <Field
        label={t("simulated.name")}
        error={form.name.trim() === "" ? t("simulated.nameBad") : undefined}
      >
        {(field) => (
          <TextInput
            {...field}
            data-autofocus
            maxLength={64}
            value={form.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
        )}
      </Field>
      <div className="form-grid">
        <NumberField name="nodes" form={form} change={change} />
        <NumberField name="zones" form={form} change={change} hint={t("simulated.zonesHint")} />
        <Choices form={form} change={change} />
        <NumberField name="seed" form={form} change={change} hint={t("simulated.seedHint")} />
      </div>
    </DialogFrame>
  );
}

interface PartProps {
  readonly form: SimulatedForm;
  readonly change: (part: Partial<SimulatedForm>) => void;
}

interface NumberFieldProps extends PartProps {
  readonly name: NumberName;
  readonly hint?: string;
}

function NumberField({ name, hint, form, change }: NumberFieldProps): ReactNode {
  const { t } = useTranslation("connections");
  const { min, max } = RANGES[name];
  return (
    <Field
      label={t(`simulated.${name}`)}
      hint={hint}
      error={isInRange(name, form[name]) ? undefined : t("range", { min, max })}
    >
      {(field) => (
        <NumberInput
          {...field}
          value={form[name]}
          min={min}
          max={max}
          onChange={(next) => change({ [name]: next })}
        />
      )}
    </Field>
  );
}

function Choices({ form, change }: PartProps): ReactNode {
  const { t } = useTranslation("connections");
  return (
    <>
      <Field label={t("simulated.topology")}>
        {(field) => (
          <Select
            {...field}
            value={form.topology}
            options={TOPOLOGY_KINDS.filter((kind) => kind !== "custom").map((kind) => ({
              value: kind,
              label: t(`topology.${kind}`),
            }))}
            onChange={(topology) => change({ topology })}
          />
        )}
      </Field>
      <Field label={t("simulated.detector")}>
        {(field) => (
          <Select
            {...field}
            value={form.detector}
            options={(["auto", ...DETECTORS] as const).map((value) => ({
              value,
              label: t(`detector.${value}`),
            }))}
            onChange={(detector) => change({ detector })}
          />
        )}
      </Field>
    </>
  );
}
