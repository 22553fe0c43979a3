/** Icons and tones for events of agreement, decisions and memory. */
import {
  Activity,
  ArrowUpDown,
  BadgeCheck,
  Camera,
  CheckCheck,
  CircleHelp,
  Crown,
  Database,
  FileX,
  Gavel,
  GraduationCap,
  Hand,
  type LucideIcon,
  Megaphone,
  NotebookPen,
  ScanEye,
  Scale,
  ShieldAlert,
  Star,
  Terminal,
  Users,
  Vote,
} from "lucide-react";
import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";
import type { Tone } from "../../ui/badge.tsx";

interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

type AgreementType = Extract<
  MeshEventType,
  | `consensus.${string}`
  | `request.${string}`
  | `proposal.${string}`
  | `memory.${string}`
  | `aggregate.${string}`
  | `reputation.${string}`
  | "invariants.checked"
  | "lesson.step"
>;

export const AGREEMENT_LOOKS: Readonly<Record<AgreementType, Look>> = {
  "consensus.role": { icon: Users, tone: "neutral" },
  "consensus.vote": { icon: Vote, tone: "accent" },
  "consensus.tally": { icon: Vote, tone: "neutral" },
  "consensus.appended": { icon: NotebookPen, tone: "neutral" },
  "consensus.truncated": { icon: FileX, tone: "degraded" },
  "consensus.round": { icon: ArrowUpDown, tone: "neutral" },
  "consensus.counted": { icon: Vote, tone: "neutral" },
  "consensus.committed": { icon: CheckCheck, tone: "healthy" },
  "consensus.applied": { icon: BadgeCheck, tone: "neutral" },
  "consensus.snapshot": { icon: Camera, tone: "neutral" },
  "consensus.config": { icon: Users, tone: "accent" },
  "consensus.evidence": { icon: Gavel, tone: "failed" },
  "consensus.rejected": { icon: ShieldAlert, tone: "degraded" },
  "request.submitted": { icon: Terminal, tone: "neutral" },
  "request.answered": { icon: Terminal, tone: "healthy" },
  "proposal.called": { icon: Megaphone, tone: "accent" },
  "proposal.voted": { icon: Hand, tone: "accent" },
  "proposal.decided": { icon: Scale, tone: "accent" },
  "proposal.evidence": { icon: Gavel, tone: "failed" },
  "memory.namespace": { icon: Database, tone: "accent" },
  "memory.changed": { icon: Database, tone: "neutral" },
  "memory.exchange": { icon: Database, tone: "neutral" },
  "aggregate.estimate": { icon: Activity, tone: "neutral" },
  "reputation.changed": { icon: Star, tone: "suspect" },
  "invariants.checked": { icon: ScanEye, tone: "neutral" },
  "lesson.step": { icon: GraduationCap, tone: "accent" },
};

/** What an event says may be better or worse than its type. */
export function agreementLook(event: MeshEvent): Look | undefined {
  switch (event.type) {
    case "consensus.role":
      if (event.role === "leader" || event.role === "primary")
        return { icon: Crown, tone: "accent" };
      return isStanding(event.role) ? { icon: CircleHelp, tone: "suspect" } : undefined;
    case "consensus.vote":
      return event.granted ? undefined : { icon: Vote, tone: "degraded" };
    case "request.answered":
      if (event.code === "ok") return undefined;
      return { icon: Terminal, tone: event.code === "unknown" ? "suspect" : "degraded" };
    case "proposal.decided":
      return { icon: Scale, tone: event.outcome === "accepted" ? "healthy" : "degraded" };
    case "memory.changed":
      return event.values.length > 1 ? { icon: Database, tone: "suspect" } : undefined;
    case "reputation.changed":
      return event.standing === "good" ? { icon: Star, tone: "healthy" } : undefined;
    default:
      return undefined;
  }
}

function isStanding(role: string): boolean {
  return role === "candidate" || role === "pre-candidate" || role === "view-change";
}
