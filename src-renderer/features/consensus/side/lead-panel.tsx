import { ArrowDownToLine, ArrowRightLeft, Crown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { MeshView } from "#shared/view/model.ts";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { consensusKind, leadership } from "#shared/view/select/leadership.ts";
import { useApp } from "../../../app/context.ts";
import { PreviewNotes } from "../../../app/hooks/preview-notes.tsx";
import { sameList, useMesh, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { Field, Select } from "../../../ui/field.tsx";
import { Panel } from "../../../ui/panel.tsx";

const SLOW = { pace: "slow" } as const;
const leaderOf = (view: MeshView): string | undefined => leadership(view).leader;
const votersOf = (view: MeshView): readonly string[] => consensusQuorum(view)?.voters ?? [];

/** Have the leader give up its place, after a look at what that does. */
export function LeadPanel(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("consensus");
  const kind = useMesh(consensusKind, SLOW);
  const leader = useMesh(leaderOf, SLOW);
  const voters = useMesh(votersOf, { ...SLOW, isEqual: sameList });
  const [wanted, setWanted] = useState("");
  // The preview reads the view; what the command can do follows the session.
  useMeshVersion("slow");
  useConsole((state) => state.listings);
  if (kind === "epidemic") return null;
  const others = voters.filter((node) => node !== leader);
  const to = others.includes(wanted) ? wanted : "";
  const command: MeshCommandInput = {
    type: "consensus.transfer",
    ...(to === "" || kind === "pbft" ? {} : { to }),
  };
  const plan = app.preview(command);
  const nobody = leader === undefined ? t("lead.nobody") : undefined;
  const refusal = app.refusal("consensus.transfer") ?? nobody;
  const label = kind === "pbft" ? "changeView" : to === "" ? "stepDown" : "transfer";
  return (
    <Panel title={t("lead.title")} icon={<Crown aria-hidden />}>
      <div className="stack">
        {kind === "pbft" ? null : (
          <Field label={t("lead.to")}>
            {(field) => (
              <Select
                {...field}
                value={to}
                options={[
                  { value: "", label: t("lead.anybody") },
                  ...others.map((id) => ({ value: id, label: id })),
                ]}
                onChange={setWanted}
              />
            )}
          </Field>
        )}
        {plan === undefined || refusal !== undefined ? null : <PreviewNotes preview={plan} />}
        <Button
          variant="danger"
          icon={to === "" ? <ArrowDownToLine /> : <ArrowRightLeft />}
          disabledReason={refusal}
          onClick={() => void app.perform(command)}
        >
          {t(`lead.${label}`)}
        </Button>
      </div>
    </Panel>
  );
}
