import type { ReactNode } from "react";

/** Four nodes, every one linked. */
export function Logo(): ReactNode {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" aria-hidden="true">
      <path d="M5 6 19 6 M5 18 19 18 M5 6 5 18 M19 6 19 18 M5 6 19 18" strokeWidth="1.5" />
      <g fill="currentColor" stroke="none">
        <circle cx="5" cy="6" r="3" />
        <circle cx="19" cy="6" r="3" />
        <circle cx="5" cy="18" r="3" />
        <circle cx="19" cy="18" r="3" />
      </g>
    </svg>
  );
}
