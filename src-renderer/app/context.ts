import { createContext, useContext } from "react";
import type { AppServices } from "./services.ts";

export const AppContext = createContext<AppServices | undefined>(undefined);

export function useApp(): AppServices {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("useApp outside of the application");
  return app;
}
