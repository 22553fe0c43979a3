/** Who a session is: each role has one secret, and a session is what the secret it shows says. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { type Role, ROLES } from "#shared/contract/commands.ts";

const TOKEN_BYTES = 32;
const tokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const tokensSchema = z.strictObject({
  viewer: tokenSchema,
  operator: tokenSchema,
  admin: tokenSchema,
});
/** 32 random bytes each, as unpadded base64url: safe in a URL's fragment. */
export type Tokens = Readonly<z.infer<typeof tokensSchema>>;

export function createTokens(): Tokens {
  return { viewer: createToken(), operator: createToken(), admin: createToken() };
}

function createToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/**
 * The role of a token. Takes equally long whatever is shown and whichever role it matches: hashes
 * are compared, all of them, in constant time.
 */
export function roleOfToken(tokens: Tokens, shown: string): Role | undefined {
  const hash = sha256(shown);
  let found: Role | undefined;
  for (const role of ROLES) {
    if (timingSafeEqual(hash, sha256(tokens[role]))) found = role;
  }
  return found;
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
