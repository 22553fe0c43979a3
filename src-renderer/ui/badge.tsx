import type { ReactNode } from "react";
import "./badge.css";
import { cx } from "./cx.ts";

export type Tone =
  | "neutral"
  | "accent"
  | "failed"
  | "suspect"
  | "degraded"
  | "paused"
  | "left"
  | "healthy"
  | "unknown"
  | "info";

export interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: ReactNode;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

export function Badge({ tone = "neutral", icon, title, children }: BadgeProps): ReactNode {
  return (
    <span className={cx("badge", `badge--${tone}`)} title={title}>
      {icon}
      {children}
    </span>
  );
}
