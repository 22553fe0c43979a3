import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { MeshError } from "#shared/contract/errors.ts";
import { createTokens, type Tokens, tokensSchema } from "#main/gateway/tokens.ts";

export const TOKENS_FILE = "tokens.json";
const OWNER_ONLY = 0o600;

/** Reads the tokens, or makes them on the first start. A file that is no good is never replaced. */
export function loadTokens(path: string): Tokens {
  const text = readIfThere(path);
  if (text === undefined) return renewTokens(path);
  try {
    return tokensSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new MeshError(
      "bad-token",
      `The token file ${path} is not readable; make new tokens with \`meshdeck token --renew\`.`,
      { cause },
    );
  }
}

/** Makes new tokens; consoles that hold an old one are refused from the host's next start on. */
export function renewTokens(path: string): Tokens {
  const tokens = createTokens();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${JSON.stringify(tokens, undefined, 2)}\n`, { mode: OWNER_ONLY });
  chmodSync(path, OWNER_ONLY);
  return tokens;
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
