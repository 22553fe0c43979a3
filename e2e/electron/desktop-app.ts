/** The built desktop application as the specs see it: on Electron itself, or on the stand-in. */
import type { Page } from "@playwright/test";
import type { Control, Report } from "./stand-in/control.ts";

export interface DesktopApp {
  readonly page: Page;
  /** What its window was made with. */
  readonly webPreferences: unknown;
  /** What the application asked of the system so far. */
  reports(): Promise<readonly Report[]>;
  /** What it wrote so far. */
  output(): string;
  control(message: Control): Promise<void>;
  /** Quits as a person would; resolves with the exit code. */
  quit(): Promise<number | null>;
}
