import { Ban, Check, CircleHelp, Hourglass, TimerOff, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Badge, type Tone } from "../../ui/badge.tsx";
import type { DecisionState } from "./model/tally.ts";

const LOOKS: Readonly<Record<DecisionState, { readonly tone: Tone; readonly icon: ReactNode }>> = {
  open: { tone: "info", icon: <Hourglass aria-hidden /> },
  overdue: { tone: "suspect", icon: <CircleHelp aria-hidden /> },
  accepted: { tone: "healthy", icon: <Check aria-hidden /> },
  rejected: { tone: "degraded", icon: <X aria-hidden /> },
  "no-quorum": { tone: "suspect", icon: <Ban aria-hidden /> },
  expired: { tone: "neutral", icon: <TimerOff aria-hidden /> },
};

export function StateBadge({ state }: { readonly state: DecisionState }): ReactNode {
  const { t } = useTranslation("decisions");
  const { tone, icon } = LOOKS[state];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`state.${state}`)}
    </Badge>
  );
}
