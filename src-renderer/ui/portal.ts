import { createContext, useContext } from "react";

/**
 * Where floating parts are put. A modal dialog lies above everything else of the page, so what
 * floats over it has to be inside of it.
 */
export const PortalContext = createContext<HTMLElement | null>(null);

export function usePortal(): HTMLElement | null {
  return useContext(PortalContext);
}
