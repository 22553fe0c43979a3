import { type FormEvent, type ReactNode, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import {
  type Detector,
  DETECTORS,
  TOPOLOGY_KINDS,
  type TopologyKind,
} from "#shared/contract/primitives.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Field, NumberInput, Select, TextInput } from "../../ui/field.tsx";
import { openDialog } from "./dialogs.ts";
import { useOpen } from "./use-open.ts";

interface Form {
  readonly name: string;
  readonly nodes: number | undefined;
  readonly topology: TopologyKind;
  readonly detector: Detector | "auto";
  readonly zones: number | undefined;
  readonly seed: number | undefined;
}

const START: Form = {
  name: "sandbox",
  nodes: 9,
  topology: "grid",
  detector: "auto",
  zones: 0,
  seed: 1,
};
const MAX_NODES = 10_000;
const MAX_ZONES = 64;

const whole = (value: number | undefined, least: number, most: number): value is number =>
  value !== undefined && Number.isInteger(value) && value >= least && value <= most;

export function SimulatedDialog(): ReactNode {
  const { t } = useTranslation("connections");
  const formId = useId();
  const { busy, error, open } = useOpen();
  const [form, setForm] = useState(START);
  const change = (part: Partial<Form>) => setForm({ ...form, ...part });
  const { nodes, zones, seed } = form;
  const bad = {
    name: form.name.trim() === "",
    nodes: !whole(nodes, 1, MAX_NODES),
    zones: !whole(zones, 0, MAX_ZONES),
    seed: !whole(seed, 0, Number.MAX_SAFE_INTEGER),
  };
  const invalid = Object.values(bad).some(Boolean);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (invalid || busy || nodes === undefined || seed === undefined) return;
    void open({
      kind: "simulated",
      options: {
        name: form.name.trim(),
        nodes,
        seed,
        topology: { kind: form.topology },
        ...(form.detector === "auto" ? {} : { membership: { detector: form.detector } }),
        ...(zones === undefined || zones === 0 ? {} : { zones }),
      },
    });
  };
  return (
    <Dialog
      title={t("simulated.title")}
      closeLabel={t("cancel")}
      onClose={() => openDialog(undefined)}
      footer={
        <>
          <Button onClick={() => openDialog(undefined)}>{t("cancel")}</Button>
          <Button
            type="submit"
            form={formId}
            variant="primary"
            disabledReason={busy ? t("opening") : invalid ? t("fix") : undefined}
          >
            {t("simulated.open")}
          </Button>
        </>
      }
    >
      <form id={formId} className="stack" onSubmit={submit}>
        <p className="muted">{t("simulated.about")}</p>
        <Field label={t("simulated.name")} error={bad.name ? t("simulated.nameBad") : undefined}>
          {(field) => (
            <TextInput
              {...field}
              maxLength={64}
              value={form.name}
              onChange={(event) => change({ name: event.currentTarget.value })}
            />
          )}
        </Field>
        <div className="form-grid">
          <Field
            label={t("simulated.nodes")}
            error={bad.nodes ? t("range", { min: 1, max: MAX_NODES }) : undefined}
          >
            {(field) => (
              <NumberInput
                {...field}
                value={nodes}
                min={1}
                max={MAX_NODES}
                onChange={(next) => change({ nodes: next })}
              />
            )}
          </Field>
          <Field
            label={t("simulated.zones")}
            hint={t("simulated.zonesHint")}
            error={bad.zones ? t("range", { min: 0, max: MAX_ZONES }) : undefined}
          >
            {(field) => (
              <NumberInput
                {...field}
                value={zones}
                min={0}
                max={MAX_ZONES}
                onChange={(next) => change({ zones: next })}
              />
            )}
          </Field>
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
          <Field
            label={t("simulated.seed")}
            hint={t("simulated.seedHint")}
            error={bad.seed ? t("simulated.seedBad") : undefined}
          >
            {(field) => (
              <NumberInput
                {...field}
                value={seed}
                min={0}
                onChange={(next) => change({ seed: next })}
              />
            )}
          </Field>
        </div>
        {error === undefined ? null : (
          <p className="form-error" role="alert">
            {error}
          </p>
        )}
      </form>
    </Dialog>
  );
}
