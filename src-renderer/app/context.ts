import { createContext, useContext } from "react";
import type { CommandRegistry } from "./commands/registry.ts";
import type { AppServices } from "./services.ts";

/** The services, and the commands that work with them. */
export interface App extends AppServices {
  readonly commands: CommandRegistry;
}

export const AppContext = createContext<App | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("useApp outside of the application");
  return app;
}
