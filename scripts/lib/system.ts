/** Programs of the machine that parts of the test suite drive. */
import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";

const CHROMIUM_NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Absolute path of a program on PATH (or in sbin, where Debian keeps some), if there is one. */
export function findProgram(name: string): string | undefined {
  const separator = process.platform === "win32" ? ";" : ":";
  const folders = [...(process.env["PATH"] ?? "").split(separator), "/usr/sbin", "/usr/local/bin"];
  for (const folder of folders) {
    const path = join(folder, process.platform === "win32" ? `${name}.exe` : name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

/** The browser to test in: `CHROMIUM_PATH`, the system's, or the one Playwright downloaded. */
export function findChromium(): string | undefined {
  const named = process.env["CHROMIUM_PATH"];
  if (named !== undefined && existsSync(named)) return named;
  for (const name of CHROMIUM_NAMES) {
    const path = findProgram(name);
    if (path !== undefined) return path;
  }
  const own = chromium.executablePath();
  return existsSync(own) ? own : undefined;
}

function hasChineseFont(): boolean {
  try {
    return execFileSync("fc-list", [":lang=zh"], { encoding: "utf8" }).trim() !== "";
  } catch {
    return false;
  }
}

export interface Requirement {
  readonly name: string;
  /** The Debian package that brings it. */
  readonly debianPackage: string;
  /** What to do where apt is not at hand. */
  readonly advice: string;
  /** False for what only improves pictures. */
  readonly needed: boolean;
  present(): boolean;
}

export const REQUIREMENTS: readonly Requirement[] = [
  {
    name: "Chromium",
    debianPackage: "chromium",
    advice:
      "install Chromium or Chrome, run `npx playwright install chromium`, or set CHROMIUM_PATH",
    needed: true,
    present: () => findChromium() !== undefined,
  },
  {
    name: "Serf",
    debianPackage: "serf",
    advice: "put HashiCorp's `serf` program on PATH",
    needed: true,
    present: () => findProgram("serf") !== undefined,
  },
  {
    name: "OpenSSL",
    debianPackage: "openssl",
    advice: "put the `openssl` program on PATH (the tests make a certificate with it)",
    needed: true,
    present: () => findProgram("openssl") !== undefined,
  },
  {
    name: "a font with Chinese characters",
    debianPackage: "fonts-noto-cjk",
    advice: "install a font such as Noto Sans CJK, or screenshots in Chinese show boxes",
    needed: false,
    present: hasChineseFont,
  },
];
