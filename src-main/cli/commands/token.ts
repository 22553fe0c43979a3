import { join } from "node:path";
import type { Role } from "#shared/contract/commands.ts";
import { defaultDataFolder, loadTokens, renewTokens, TOKENS_FILE } from "#main/host/state.ts";
import type { CliContext } from "../context.ts";
import { writeJson, writeLine } from "../terminal.ts";

export interface TokenOptions {
  readonly data?: string;
  readonly renew?: boolean;
  readonly json?: boolean;
}

export function token(role: Role, options: TokenOptions, context: CliContext): void {
  const path = join(options.data ?? defaultDataFolder(), TOKENS_FILE);
  const tokens = options.renew === true ? renewTokens(path) : loadTokens(path);
  const { out } = context.terminal;
  if (options.json === true) writeJson(out, { file: path, tokens });
  else writeLine(out, tokens[role]);
}
