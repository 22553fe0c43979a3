import { describe, expect, it } from "vitest";
import { isTrusted } from "./sender.ts";

const WINDOWS = new Set([7]);

function eventFrom(
  origin: string,
  changes: { id?: number; child?: boolean; other?: boolean } = {},
) {
  const frame = { origin, parent: changes.child === true ? {} : null };
  const mainFrame = changes.other === true ? { ...frame } : frame;
  return { senderFrame: frame, sender: { id: changes.id ?? 7, mainFrame } };
}

describe("isTrusted", () => {
  it("hears the main frame of its own window", () => {
    expect(isTrusted(eventFrom("app://meshdeck"), WINDOWS)).toBe(true);
  });

  it.each([
    ["another origin", eventFrom("https://evil.example")],
    ["an origin that begins alike", eventFrom("app://meshdeck.evil")],
    ["an opaque origin", eventFrom("null")],
    ["a frame inside the page", eventFrom("app://meshdeck", { child: true })],
    ["a frame that is not the main one", eventFrom("app://meshdeck", { other: true })],
    ["contents of no window", eventFrom("app://meshdeck", { id: 8 })],
    ["a frame that is gone", { ...eventFrom("app://meshdeck"), senderFrame: null }],
  ])("does not hear %s", (_name, event) => {
    expect(isTrusted(event, WINDOWS)).toBe(false);
  });
});
