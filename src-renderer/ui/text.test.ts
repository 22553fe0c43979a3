import { describe, expect, it } from "vitest";
import { cleanText } from "./text.ts";

describe("cleanText", () => {
  it("strips characters that turn the reading direction", () => {
    expect(cleanText("a\u202eb\u2066c\u200fd")).toBe("abcd");
  });

  it("turns line breaks and controls into spaces, and keeps tabs", () => {
    expect(cleanText("a\nb\u0007c\td")).toBe("a b c\td");
  });

  it("keeps exactly the longest allowed text and marks a cut one", () => {
    expect(cleanText("12345", 5)).toBe("12345");
    expect(cleanText("123456", 5)).toBe("1234…");
  });

  it("never cuts through a surrogate pair", () => {
    expect(cleanText("🙂🙂🙂", 3)).toBe("🙂🙂🙂");
    expect(cleanText("🙂🙂🙂🙂", 3)).toBe("🙂🙂…");
  });

  it("marks a cut even where stripping made the rest short", () => {
    expect(cleanText(`${"\u202e".repeat(20)}abc`, 5)).toBe("…");
  });
});
