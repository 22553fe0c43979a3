import { type ErrorCode, MeshError } from "#shared/contract/errors.ts";
import type { AuditIntent, GatewayPorts } from "./ports.ts";

/** Codes of a request that was turned away before anything was tried. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  "forbidden",
  "read-only",
  "not-supported",
  "unknown-mesh",
  "unknown-node",
  "unknown-fault",
  "unknown-message",
  "unknown-run",
  "unknown-lesson",
  "unknown-proposal",
  "not-a-member",
  "busy",
  "history-gone",
  "bad-command",
  "bad-options",
  "limit-reached",
]);

/**
 * Runs an action on record: what is about to be done is written before it is done, what came of
 * it before anybody hears of it. An action that cannot be recorded is not done.
 */
export async function audited<T>(
  ports: Pick<GatewayPorts, "audit" | "onInternalError">,
  intent: AuditIntent,
  work: () => Promise<T>,
): Promise<T> {
  const ticket = ports.audit.beginAudit(intent);
  let result: T;
  try {
    result = await work();
  } catch (cause) {
    const error = asMeshError(cause, ports.onInternalError);
    const outcome = REFUSALS.has(error.code) ? "refused" : "failed";
    ports.audit.completeAudit(ticket, { outcome, error: error.toData() });
    throw error;
  }
  ports.audit.completeAudit(ticket, { outcome: "done" });
  return result;
}

/** Puts on record what was turned away before it could be tried. */
export function auditRefusal(
  ports: Pick<GatewayPorts, "audit" | "onInternalError">,
  intent: AuditIntent,
  error: MeshError,
): void {
  try {
    const ticket = ports.audit.beginAudit(intent);
    ports.audit.completeAudit(ticket, { outcome: "refused", error: error.toData() });
  } catch (cause) {
    // It stays refused; that nothing can be recorded is told to whoever may change something.
    asMeshError(cause, ports.onInternalError);
  }
}

/** What a client is told of any failure; the details of a programming error stay here. */
export function asMeshError(error: unknown, onInternalError: (error: unknown) => void): MeshError {
  if (error instanceof MeshError) return error;
  onInternalError(error);
  return new MeshError("internal", "The host made a mistake; its log says more.");
}
