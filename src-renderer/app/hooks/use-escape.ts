import { useEffect } from "react";
import { useApp } from "../context.ts";

/**
 * Escape closes the topmost thing: the handler registered last is asked first, and says whether it
 * closed something. When none did, the selection is cleared. Keep `handler` stable.
 */
export function useEscape(handler: () => boolean): void {
  const { ui } = useApp();
  useEffect(() => {
    ui.setState((state) => ({ escapes: [...state.escapes, handler] }));
    return () =>
      ui.setState((state) => ({ escapes: state.escapes.filter((other) => other !== handler) }));
  }, [ui, handler]);
}
