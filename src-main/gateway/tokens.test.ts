import { expect, it } from "vitest";
import { createTokens, roleOfToken, tokensSchema } from "./tokens.ts";

it("makes three different tokens of 256 bits", () => {
  const tokens = tokensSchema.parse(createTokens());
  expect(new Set(Object.values(tokens)).size).toBe(3);
  expect(Buffer.from(tokens.admin, "base64url")).toHaveLength(32);
});

it("knows each token's role and no other text's", () => {
  const tokens = createTokens();
  expect(roleOfToken(tokens, tokens.viewer)).toBe("viewer");
  expect(roleOfToken(tokens, tokens.operator)).toBe("operator");
  expect(roleOfToken(tokens, tokens.admin)).toBe("admin");
  const wrong = ["", tokens.admin.slice(1), `${tokens.admin}x`, tokens.admin.toLowerCase(), "é"];
  for (const text of wrong) expect(roleOfToken(tokens, text)).toBeUndefined();
});
