import { type Role, roleAllows } from "#shared/contract/commands.ts";
import type { AppServices } from "../services.ts";
import { type Availability, ON, off } from "./command.ts";

/** Whether this session may ask its host for what takes `least`; a locked console only looks. */
export function sessionMay(app: AppServices, least: Role): Availability {
  const { link, role, locked } = app.console.getState();
  if (link.state !== "live") return off("app:refusal.offline");
  if (role !== undefined && !roleAllows(role, least)) {
    return off("app:refusal.role", { role: app.t(`app:role.${least}`) });
  }
  return locked && least !== "viewer" ? off("app:refusal.locked") : ON;
}

/** The same as a reason to disable a button with; undefined: it may. */
export function sessionRefusal(app: AppServices, least: Role): string | undefined {
  const available = sessionMay(app, least);
  return available.state === "off" ? app.t(available.reason, available.params) : undefined;
}
