import {
  BookOpen,
  Circle,
  CircleDashed,
  CircleDot,
  CircleHelp,
  CircleSlash,
  Crown,
  Diamond,
  Hexagon,
  type LucideIcon,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ConsensusRole } from "#shared/contract/agreement-events.ts";
import { cx } from "../../ui/cx.ts";
import "./consensus-role.css";

export type ShownRole = ConsensusRole | "stopped" | "unknown";

/** A shape each: colours are for health. */
const SHAPES: Readonly<Record<ShownRole, LucideIcon>> = {
  leader: Crown,
  primary: Crown,
  follower: Circle,
  backup: Circle,
  "pre-candidate": CircleDashed,
  candidate: Diamond,
  learner: BookOpen,
  "view-change": Hexagon,
  peer: CircleDot,
  stopped: CircleSlash,
  unknown: CircleHelp,
};

export interface RoleBadgeProps {
  readonly role: ShownRole;
  /** The shape alone, with its name for those who cannot see it. */
  readonly compact?: boolean;
}

/** The role of a member of consensus. */
export function RoleBadge({ role, compact = false }: RoleBadgeProps): ReactNode {
  const { t } = useTranslation("consensus");
  const Shape = SHAPES[role];
  const leads = role === "leader" || role === "primary";
  const name = t(`role.${role}`);
  return (
    <span
      className={cx("role-badge", leads && "role-badge--leads", role === "stopped" && "is-gone")}
      {...(compact && { role: "img", "aria-label": name, title: name })}
    >
      <Shape aria-hidden />
      {compact ? null : name}
    </span>
  );
}
