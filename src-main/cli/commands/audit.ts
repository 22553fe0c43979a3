/** `meshdeck audit`: who asked for what. */
import type { AuditEntry } from "#shared/contract/protocol.ts";
import { readAudit } from "#main/host/running-host.ts";
import { defaultDataFolder } from "#main/host/state.ts";
import { parseInteger } from "../numbers.ts";
import type { CliContext } from "../context.ts";
import { formatTable } from "../table.ts";
import { safeText, writeJson, writeLine } from "../terminal.ts";

export interface AuditOptions {
  readonly data?: string;
  readonly limit: string;
  readonly json?: boolean;
}

export async function audit(options: AuditOptions, context: CliContext): Promise<void> {
  const { out } = context.terminal;
  const limit = parseInteger("--limit", options.limit, { min: 1, max: 1_000 });
  const entries = await readAudit(options.data ?? defaultDataFolder(), limit);
  if (options.json === true) {
    for (const entry of entries) writeJson(out, entry);
    return;
  }
  const rows = entries.map(describeEntry);
  const headers = ["id", "time", "who", "role", "mesh", "outcome", "what"];
  for (const line of formatTable(headers, rows)) writeLine(out, line);
}

function describeEntry(entry: AuditEntry): readonly string[] {
  const { id, timeMs, actor, role, mesh, outcome, summary, reason, error } = entry;
  const because = reason === undefined ? "" : ` (${reason})`;
  const why = error === undefined ? "" : `: ${error.message}`;
  return [
    String(id),
    new Date(timeMs).toISOString(),
    safeText(actor, 40),
    role,
    safeText(mesh, 40),
    outcome,
    safeText(`${summary}${because}${why}`),
  ];
}
