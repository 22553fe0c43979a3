import {
  Check,
  CircleAlert,
  CircleDashed,
  CircleHelp,
  CirclePause,
  LogOut,
  type LucideIcon,
  TriangleAlert,
} from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import "./status-dot.css";

export type StatusKind =
  | "failed"
  | "suspect"
  | "degraded"
  | "paused"
  | "left"
  | "healthy"
  | "unknown"
  | "off";

/** One icon each, so that colour is never the only sign. */
export const STATUS_ICONS: Readonly<Record<StatusKind, LucideIcon>> = {
  failed: CircleAlert,
  suspect: CircleHelp,
  degraded: TriangleAlert,
  paused: CirclePause,
  left: LogOut,
  healthy: Check,
  unknown: CircleDashed,
  off: CircleDashed,
};

export interface StatusDotProps {
  readonly status: StatusKind;
  /** Read out; leave it away where the word stands beside the dot. */
  readonly label?: string | undefined;
  readonly size?: "sm" | "md" | "lg";
}

export function StatusDot({ status, label, size = "md" }: StatusDotProps): ReactNode {
  const Icon = STATUS_ICONS[status];
  const naming =
    label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <span className={cx("status-dot", `status-dot--${status}`, `status-dot--${size}`)} {...naming}>
      <Icon aria-hidden strokeWidth={2.5} />
    </span>
  );
}
