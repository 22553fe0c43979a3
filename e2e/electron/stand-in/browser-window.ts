import { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import { app } from "./app.ts";
import type { Stage } from "./chromium.ts";
import { WebContents } from "./contents.ts";
import { report } from "./control.ts";
import { preloadScript } from "./preload-runtime.ts";

interface WindowOptions {
  readonly x?: number;
  readonly y?: number;
  readonly width: number;
  readonly height: number;
  readonly webPreferences: { readonly preload: string };
}

const windows = new Set<BrowserWindow>();

export class BrowserWindow extends EventEmitter {
  readonly webContents: WebContents;
  readonly #options: WindowOptions;
  readonly #stage: Stage;

  constructor(options: WindowOptions) {
    super();
    this.#options = options;
    this.#stage = app.stage;
    this.webContents = new WebContents(this.#stage.origin);
    windows.add(this);
    app.emit("web-contents-created", {}, this.webContents);
  }

  static getAllWindows(): readonly BrowserWindow[] {
    return [...windows];
  }

  static getFocusedWindow(): BrowserWindow | undefined {
    return BrowserWindow.getAllWindows()[0];
  }

  async loadURL(url: string): Promise<void> {
    const page = await this.#stage.context.newPage();
    const preload = readFileSync(this.#options.webPreferences.preload, "utf8");
    await page.addInitScript({ content: preloadScript(preload) });
    await this.webContents.attach(page);
    page.once("close", () => this.#closed());
    await page.goto(this.webContents.toPage(url));
    this.emit("ready-to-show");
    const { webPreferences } = this.#options;
    report({ kind: "window", endpoint: this.#stage.endpoint, webPreferences });
  }

  getNormalBounds(): { x: number; y: number; width: number; height: number } {
    const { x = 0, y = 0, width, height } = this.#options;
    return { x, y, width, height };
  }

  isMaximized(): boolean {
    return false;
  }

  isMinimized(): boolean {
    return false;
  }

  show(): void {
    this.emit("show");
  }

  maximize(): void {
    this.emit("maximize");
  }

  restore(): void {
    this.emit("restore");
  }

  focus(): void {
    this.emit("focus");
  }

  #closed(): void {
    this.emit("close");
    windows.delete(this);
    this.emit("closed");
    if (windows.size === 0) app.emit("window-all-closed");
  }
}
