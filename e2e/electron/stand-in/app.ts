import { EventEmitter } from "node:events";
import { openStage, type Stage } from "./chromium.ts";

class App extends EventEmitter {
  readonly isPackaged = false;
  #stage: Stage | undefined;
  #ready = false;
  #quitting = false;

  get stage(): Stage {
    if (this.#stage === undefined) throw new Error("a window was opened before the app was ready");
    return this.#stage;
  }

  async whenReady(): Promise<void> {
    this.#stage = await openStage();
    this.#ready = true;
  }

  /** Electron ignores or refuses some calls once the application is ready. */
  mustNotBeReady(what: string): void {
    if (this.#ready) throw new Error(`${what} must be called before the app is ready`);
  }

  requestSingleInstanceLock(): boolean {
    return true;
  }

  enableSandbox(): void {
    this.mustNotBeReady("app.enableSandbox");
  }

  getLocale(): string {
    return "en-GB";
  }

  getPath(_name: "userData"): string {
    const folder = process.env["STAND_IN_USER_DATA"];
    if (folder === undefined) throw new Error("STAND_IN_USER_DATA is not set");
    return folder;
  }

  quit(): void {
    let prevented = false;
    this.emit("will-quit", {
      preventDefault: () => {
        prevented = true;
      },
    });
    if (prevented || this.#quitting) return;
    this.#quitting = true;
    void this.#stage?.close().finally(() => process.exit(0));
  }
}

export const app = new App();
