import { useSyncExternalStore } from "react";
import { usePrefs } from "../../app/hooks/use-stores.ts";

const QUERY = "(prefers-reduced-motion: reduce)";

function subscribe(listener: () => void): () => void {
  const media = window.matchMedia(QUERY);
  media.addEventListener("change", listener);
  return () => media.removeEventListener("change", listener);
}

/** Whether the person or the system asked for less motion. */
export function useReducedMotion(): boolean {
  const wanted = usePrefs((prefs) => prefs.motion);
  const system = useSyncExternalStore(subscribe, () => window.matchMedia(QUERY).matches);
  return wanted === "reduced" || system;
}
