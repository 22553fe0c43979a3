import { ShieldAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { consensusQuorum, type TraitorView } from "#shared/view/select/consensus-quorum.ts";
import { useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { Banner } from "../../../ui/banner.tsx";
import { cleanText } from "../../../ui/text.ts";
import type { Translate } from "../words.ts";

/** Fewer voters bear no traitor at all. */
const LEAST_FOR_ONE = 4;

/** Says it when more members lie than the protocol bears, who, and how that is known. */
export function SafetyBanner(): ReactNode {
  const { t } = useTranslation("consensus");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  const quorum = mesh === undefined ? undefined : consensusQuorum(mesh.view);
  if (quorum === undefined) return null;
  const { protocol, safety, traitors, tolerates, voters } = quorum;
  const of = voters.length;
  if (safety === "held") {
    if (protocol !== "pbft" || of >= LEAST_FOR_ONE) return null;
    return (
      <Banner tone="warn" icon={<ShieldAlert aria-hidden />}>
        {t("safety.small", { of })}
      </Banner>
    );
  }
  const count = traitors.length;
  const name = t(`protocol.${protocol}`);
  return (
    <Banner tone="danger" icon={<ShieldAlert aria-hidden />}>
      <strong>{t("safety.lost")}.</strong>{" "}
      {t("safety.text", { count, of, tolerates, protocol: name })}{" "}
      {traitors.map((traitor) => (
        <Traitor key={traitor.node} traitor={traitor} />
      ))}
    </Banner>
  );
}

function Traitor({ traitor }: { readonly traitor: TraitorView }): ReactNode {
  const { t } = useTranslation("consensus");
  const { node, proven } = traitor;
  const known = t(proven ? "safety.proven" : "safety.ordered");
  return (
    <span className="traitor">
      {t("safety.who", { node, why: traitorWords(t, traitor).join(", ") })} ({known}){" "}
    </span>
  );
}

/** A behaviour that was ordered, or a fault that was proven, in words. */
export function traitorWords(t: Translate, { why }: TraitorView): readonly string[] {
  return why.map((code) => {
    const raw = cleanText(code, 64);
    const proven = t(`consensus:evidence.faults.${raw}`, { defaultValue: "" });
    return proven === "" ? t(`faults:byzantine.${raw}`, { defaultValue: raw }) : proven;
  });
}
