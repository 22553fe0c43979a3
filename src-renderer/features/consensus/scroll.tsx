import type { ReactNode } from "react";

export interface ScrollProps {
  readonly label: string;
  readonly className: string;
  readonly children: ReactNode;
}

/** A part that scrolls, which has to be possible with keys alone. */
export function Scroll({ label, className, children }: ScrollProps): ReactNode {
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys.
    <div className={className} role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
