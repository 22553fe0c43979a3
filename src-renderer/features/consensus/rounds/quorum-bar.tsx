import type { ReactNode } from "react";
import { cx } from "../../../ui/cx.ts";

export interface QuorumBarProps {
  /** Both 0 to 1. */
  readonly fill: number;
  readonly line: number;
  readonly met: boolean;
  readonly label: string;
}

/** How many of the voters count so far; the line is what is needed. */
export function QuorumBar({ fill, line, met, label }: QuorumBarProps): ReactNode {
  return (
    <span className={cx("quorum-bar", met && "quorum-bar--met")} role="img" aria-label={label}>
      <span className="quorum-bar__fill" style={{ transform: `scaleX(${fill})` }} />
      <span className="quorum-bar__line" style={{ left: `${line * 100}%` }} />
    </span>
  );
}
