import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { CommandOf } from "#shared/contract/commands.ts";
import { GOSSIP_MODES, type GossipMode } from "#shared/contract/primitives.ts";
import type { MeshView } from "#shared/view/model.ts";
import { useApp } from "../../app/context.ts";
import { useMesh } from "../../app/hooks/use-mesh.ts";
import { useConsole } from "../../app/hooks/use-stores.ts";
import { Field, Select } from "../../ui/field.tsx";
import { Segmented } from "../../ui/toggle.tsx";

const FANOUTS = [1, 2, 3, 4, 5, 8] as const;
const INTERVALS_MS = [100, 200, 500, 1_000, 2_000, 5_000] as const;

const gossipOf = (view: MeshView) => view.mesh.gossip;

/** Values that are offered, with the present one among them. */
function offered(values: readonly number[], present: number): readonly number[] {
  return values.includes(present) ? values : [...values, present].sort((a, b) => a - b);
}

export function GossipSettings(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("gossip");
  useConsole((state) => state.listings);
  const gossip = useMesh(gossipOf, { pace: "slow" });
  const refusal = app.refusal("gossip.set");
  if (gossip === undefined) return <p className="muted">{t("settings.unknown")}</p>;
  const set = (part: Omit<CommandOf<"gossip.set">, "type">) =>
    void app.perform({ type: "gossip.set", ...part });
  const off = refusal !== undefined;
  return (
    <div className="stack">
      <Segmented<GossipMode>
        label={t("settings.mode")}
        value={gossip.mode}
        options={GOSSIP_MODES.map((mode) => ({ value: mode, label: t(`mode.${mode}`) }))}
        disabled={off}
        onChange={(mode) => set({ mode })}
      />
      <div className="gossip__pair">
        <Field label={t("settings.fanout")}>
          {(field) => (
            <Select
              {...field}
              disabled={off}
              value={String(gossip.fanout)}
              options={offered(FANOUTS, gossip.fanout).map((value) => ({
                value: String(value),
                label: String(value),
              }))}
              onChange={(value) => set({ fanout: Number(value) })}
            />
          )}
        </Field>
        <Field label={t("settings.interval")}>
          {(field) => (
            <Select
              {...field}
              disabled={off}
              value={String(gossip.intervalMs)}
              options={offered(INTERVALS_MS, gossip.intervalMs).map((value) => ({
                value: String(value),
                label: `${value} ms`,
              }))}
              onChange={(value) => set({ intervalMs: Number(value) })}
            />
          )}
        </Field>
      </div>
      {refusal === undefined ? null : <p className="muted">{refusal}</p>}
    </div>
  );
}
