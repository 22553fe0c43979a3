import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { assetPath, contentType, isInside } from "./assets.ts";

const FOLDER = resolve("/opt/meshdeck/renderer");

describe("assetPath", () => {
  it.each([
    ["app://meshdeck/", "index.html"],
    ["app://meshdeck/index.html", "index.html"],
    ["app://meshdeck/assets/a%20b.js?v=1#x", "assets/a b.js"],
    ["app://meshdeck/..file", "..file"],
  ])("maps %s to %s", (address, file) => {
    expect(assetPath(FOLDER, address)).toBe(resolve(FOLDER, file));
  });

  it.each([
    "app://elsewhere/index.html",
    "app://meshdeck:1/index.html",
    "app://me@meshdeck/index.html",
    "file:///etc/passwd",
    "https://meshdeck/index.html",
    "app://meshdeck/..%2f..%2fetc/passwd",
    "app://meshdeck/%2e%2e%2frenderer-secrets/key",
    "app://meshdeck/assets%5c..%5c..%5csecret",
    "app://meshdeck/index.html%00.png",
    "app://meshdeck/%E0%A4%A",
    "not an address",
  ])("refuses %s", (address) => {
    expect(assetPath(FOLDER, address)).toBeUndefined();
  });
});

describe("isInside", () => {
  it("takes a sibling that only begins alike for what it is", () => {
    expect(isInside(FOLDER, `${FOLDER}-evil/x`)).toBe(false);
    expect(isInside(FOLDER, FOLDER)).toBe(false);
    expect(isInside(FOLDER, `${FOLDER}/x`)).toBe(true);
  });
});

describe("contentType", () => {
  it("knows scripts and leaves the unknown opaque", () => {
    expect(contentType("a/b.JS")).toBe("text/javascript; charset=utf-8");
    expect(contentType("a/b.exe")).toBe("application/octet-stream");
  });
});
