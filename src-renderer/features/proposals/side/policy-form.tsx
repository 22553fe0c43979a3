import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type VotePolicy, votePolicySchema } from "#shared/contract/state-events.ts";
import { useApp } from "../../../app/context.ts";
import { useMesh, useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { useConsole, useSelection } from "../../../app/hooks/use-stores.ts";
import type { MeshView } from "#shared/view/model.ts";
import { Button } from "../../../ui/button.tsx";
import { Segmented } from "../../../ui/toggle.tsx";

/** More would be a wall of buttons: then all of them, or those selected elsewhere. */
const MAX_CHIPS = 64;

const openedWith = (view: MeshView): VotePolicy | undefined => view.mesh.options?.votePolicy;

/** How nodes vote on decisions that come in from now on, many at once. */
export function PolicyForm(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("decisions");
  // What the command can do follows the session and the active mesh.
  useConsole((state) => state.listings);
  const ids = useNodeIds();
  const initial = useMesh(openedWith, { pace: "slow" });
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [policy, setPolicy] = useState<VotePolicy>("accept");
  const nodes = ids.filter((id) => picked.has(id));
  const toggle = (id: string): void => {
    const next = new Set(picked);
    if (!next.delete(id)) next.add(id);
    setPicked(next);
  };
  const nobody = nodes.length === 0 ? t("policy.nobody") : undefined;
  return (
    <div className="stack">
      <p className="decision__note">
        {t("policy.about")}
        {initial === undefined ? "" : ` ${t("policy.opened", { policy: t(`policy.${initial}`) })}`}
      </p>
      <Picks ids={ids} onPick={(next) => setPicked(new Set(next))} />
      {ids.length > MAX_CHIPS ? (
        <p className="decision__note">{t("policy.picked", { count: nodes.length })}</p>
      ) : (
        <fieldset className="policy__nodes" aria-label={t("policy.nodes")}>
          {ids.map((id) => (
            <button
              key={id}
              type="button"
              className="policy__node"
              aria-pressed={picked.has(id)}
              onClick={() => toggle(id)}
            >
              {id}
            </button>
          ))}
        </fieldset>
      )}
      <Segmented
        label={t("policy.title")}
        value={policy}
        onChange={setPolicy}
        options={votePolicySchema.options.map((each) => ({
          value: each,
          label: t(`policy.${each}`),
        }))}
      />
      <Button
        disabledReason={app.refusal("proposal.policy") ?? nobody}
        onClick={() => void app.perform({ type: "proposal.policy", nodes, policy })}
      >
        {t("policy.go")}
      </Button>
    </div>
  );
}

interface PicksProps {
  readonly ids: readonly string[];
  readonly onPick: (ids: Iterable<string>) => void;
}

function Picks({ ids, onPick }: PicksProps): ReactNode {
  const { t } = useTranslation("decisions");
  const selected = useSelection((state) => state.nodes);
  const none = selected.size === 0 ? t("policy.noSelection") : undefined;
  return (
    <div className="row row--wrap">
      <Button size="sm" onClick={() => onPick(ids)}>
        {t("policy.all")}
      </Button>
      <Button size="sm" onClick={() => onPick([])}>
        {t("policy.clear")}
      </Button>
      <Button size="sm" disabledReason={none} onClick={() => onPick(selected)}>
        {t("policy.selected", { count: selected.size })}
      </Button>
    </div>
  );
}
