/** `meshdeck mesh …`: what the host on this machine has open, and commands to it. */
import { meshCommandSchema, type MeshCommand } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { preview } from "#shared/view/preview.ts";
import { describePreview } from "#shared/view/preview/describe.ts";
import { decodeSnapshot } from "#shared/view/snapshot.ts";
import { withRunningHost } from "#main/host/running-host.ts";
import { defaultDataFolder } from "#main/host/state.ts";
import { describeListings } from "../describe-view.ts";
import type { CliContext } from "../context.ts";
import { safeText, writeJson, writeLine } from "../terminal.ts";

export interface MeshOptions {
  readonly data?: string;
  readonly json?: boolean;
  readonly reason?: string;
  readonly preview?: boolean;
}

export async function listMeshes(options: MeshOptions, context: CliContext): Promise<void> {
  const { out } = context.terminal;
  const listings = await withRunningHost(options.data ?? defaultDataFolder(), (client) =>
    client.request("meshes.list", {}),
  );
  if (options.json === true) {
    for (const listing of listings) writeJson(out, listing);
  } else {
    for (const line of describeListings(listings)) writeLine(out, line);
  }
}

export async function runMeshCommand(
  what: { readonly id: string; readonly command: string },
  options: MeshOptions,
  context: CliContext,
): Promise<void> {
  const command = parseCommand(what.command);
  if (options.preview === true) {
    const text = await previewCommand(what.id, command, options);
    if (options.json === true) writeJson(context.terminal.out, { preview: text });
    else writeLine(context.terminal.out, text);
    return;
  }
  const { reason } = options;
  const params = { mesh: what.id, command, ...(reason === undefined ? {} : { reason }) };
  const outcome = await withRunningHost(options.data ?? defaultDataFolder(), (client) =>
    client.request("mesh.command", params),
  );
  if (options.json === true) writeJson(context.terminal.out, outcome);
  else writeLine(context.terminal.out, describeOutcome(command, outcome));
}

function previewCommand(id: string, command: MeshCommand, options: MeshOptions): Promise<string> {
  return withRunningHost(options.data ?? defaultDataFolder(), async (client) => {
    const listings = await client.request("meshes.list", {});
    const listing = listings.find(({ description }) => description.id === id);
    if (listing === undefined)
      throw new MeshError("unknown-mesh", `There is no mesh "${id}" there.`);
    const now = { mesh: id, at: Number.MAX_SAFE_INTEGER };
    const view = decodeSnapshot(await client.request("mesh.snapshotAt", now));
    return describePreview(preview(view, command, listing.description));
  });
}

/** Throws `MeshError` "bad-command". */
export function parseCommand(text: string): MeshCommand {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MeshError("bad-command", `The command is not JSON: ${safeText(text, 80)}`, { cause });
  }
  const parsed = meshCommandSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new MeshError(
    "bad-command",
    `The command is not one that exists: ${where === "" ? "" : `${where}: `}${issue?.message ?? ""}.`,
  );
}

export function describeOutcome(
  command: MeshCommand,
  outcome: { readonly note?: string | undefined; readonly created?: string | undefined },
): string {
  const created = outcome.created === undefined ? "" : ` (${outcome.created})`;
  const note = outcome.note === undefined ? "" : `: ${safeText(outcome.note)}`;
  return `done  ${command.type}${created}${note}`;
}
