/** Faults in force. */
import type { Handlers } from "./handler.ts";
import { beginBreak, beginRecovery } from "./recovery.ts";

export const faultHandlers: Handlers<"fault.applied" | "fault.cleared"> = {
  "fault.applied": (view, event) => {
    const { fault, spec, at, until } = event;
    if (view.faults.size === 0) beginBreak(view, at);
    view.faults.set(fault, { id: fault, spec, since: at, until });
  },
  "fault.cleared": (view, event) => {
    if (view.faults.delete(event.fault) && view.faults.size === 0) beginRecovery(view, event.at);
  },
};
