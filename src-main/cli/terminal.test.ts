import { expect, it } from "vitest";
import { formatTable } from "./table.ts";
import { safeText } from "./terminal.ts";

it("lets no control character, escape sequence or reordering mark through", () => {
  expect(safeText("a\u001B[31mred\u001B[0m\u0007b\nc\u202Ed\u2066e")).toBe("ared b cde");
  expect(safeText("\u001B]0;title\u0007x")).toBe("x");
});

it("caps long text", () => {
  expect(safeText("x".repeat(11), 10)).toBe(`${"x".repeat(9)}…`);
  expect(safeText("x".repeat(10), 10)).toBe("x".repeat(10));
});

it("makes columns as wide as their widest cell", () => {
  expect(
    formatTable(
      ["name", "state"],
      [
        ["A", "healthy"],
        ["node-10", "failed"],
      ],
    ),
  ).toEqual(["name     state", "A        healthy", "node-10  failed"]);
});
