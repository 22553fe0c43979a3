/** Says where a console is, and how to get in: with its secret only to a person at a terminal. */
import { writeLine } from "./terminal.ts";
import type { CliContext } from "./context.ts";

export interface ConsoleAddress {
  readonly url: string;
  readonly tokenFile: string;
  readonly adminToken: string;
  /** The mesh to begin with; absent: the console's choice. */
  readonly mesh?: string;
}

export function readyUrl({ url, adminToken, mesh }: ConsoleAddress): string {
  return `${url}/#token=${adminToken}${mesh === undefined ? "" : `&mesh=${mesh}`}`;
}

export function writeConsoleAddress(
  address: ConsoleAddress,
  sentence: string,
  { terminal: { out, interactive }, secret }: CliContext & { readonly secret: boolean },
): void {
  const place = address.mesh === undefined ? "" : `/#mesh=${address.mesh}`;
  writeLine(out, `${sentence} ${address.url}${place}`);
  const { tokenFile } = address;
  writeLine(out, `The tokens that let you in are in ${tokenFile} (see \`meshdeck token --help\`).`);
  if (interactive || secret) writeLine(out, `Ready to open: ${readyUrl(address)}`);
}
