import type { ReactNode } from "react";
import type { Suspicion } from "../graph/suspicion.ts";

const RADIUS = 12;
const LENGTH = 2 * Math.PI * RADIUS;

/** Closes around the health mark as observers add up, and is whole at the quorum. */
export function SuspicionRing({ suspicion }: { readonly suspicion: Suspicion }): ReactNode {
  const { progress, confirmed } = suspicion;
  return (
    <svg className={confirmed ? "ring ring--confirmed" : "ring"} viewBox="0 0 28 28" aria-hidden>
      <circle className="ring__track" cx="14" cy="14" r={RADIUS} />
      <circle
        className="ring__arc"
        cx="14"
        cy="14"
        r={RADIUS}
        strokeDasharray={`${LENGTH * progress} ${LENGTH}`}
        transform="rotate(-90 14 14)"
      />
    </svg>
  );
}
