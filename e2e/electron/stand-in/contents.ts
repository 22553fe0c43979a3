/** `webContents` on a page of Chromium: navigation rules, messages both ways, ports. */
import { EventEmitter } from "node:events";
import type { MessagePort } from "node:worker_threads";
import type { Frame, Page, Route } from "@playwright/test";
import { type FrameFace, ipcMain } from "./ipc-main.ts";
import type { PortMain } from "./ports.ts";
import type { PageCall, PageGlobals } from "./preload-runtime.ts";

const APP_ORIGIN = "app://meshdeck";

let nextId = 1;
let nextPort = 1;

type OpenHandler = (details: { readonly url: string }) => { readonly action: "allow" | "deny" };

export class WebContents extends EventEmitter {
  readonly id = nextId++;
  readonly #pageOrigin: string;
  readonly #faces = new WeakMap<Frame, FrameFace>();
  readonly #ports = new Map<number, MessagePort>();
  #page: Page | undefined;
  #openHandler: OpenHandler = () => ({ action: "allow" });

  constructor(pageOrigin: string) {
    super();
    this.#pageOrigin = pageOrigin;
  }

  /** The address Electron would show for one of Chromium's, and back. */
  toApp(url: string): string {
    return url.startsWith(`${this.#pageOrigin}/`)
      ? APP_ORIGIN + url.slice(this.#pageOrigin.length)
      : url;
  }

  toPage(url: string): string {
    return url.startsWith(`${APP_ORIGIN}/`) ? this.#pageOrigin + url.slice(APP_ORIGIN.length) : url;
  }

  get mainFrame(): FrameFace | undefined {
    return this.#page === undefined ? undefined : this.#faceOf(this.#page.mainFrame());
  }

  isDestroyed(): boolean {
    return this.#page?.isClosed() ?? true;
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.#openHandler = handler;
  }

  async attach(page: Page): Promise<void> {
    this.#page = page;
    await page.exposeBinding("standInCall", (source, call: PageCall) =>
      this.#hear(source.frame, call),
    );
    await page.route("**/*", (route) => this.#decide(route));
    page.on("popup", (popup) => {
      if (this.#openHandler({ url: this.toApp(popup.url()) }).action === "deny") void popup.close();
    });
    page.on("framenavigated", (frame) => {
      if (frame === page.mainFrame()) this.#dropPorts();
    });
    page.on("close", () => this.#dropPorts());
  }

  send(channel: string, ...payload: unknown[]): void {
    this.#deliver(channel, payload, []);
  }

  postMessage(channel: string, message: unknown, ports: readonly PortMain[] = []): void {
    this.#deliver(
      channel,
      [message],
      ports.map((port) => this.#adopt(port.release())),
    );
  }

  #deliver(channel: string, payload: readonly unknown[], ports: readonly number[]): void {
    this.#inPage(
      ([name, values, ids]) => {
        (window as unknown as PageGlobals).standIn.deliver(name, values, ids);
      },
      [channel, payload, ports] as const,
    );
  }

  #adopt(port: MessagePort): number {
    const id = nextPort++;
    this.#ports.set(id, port);
    port.on("message", (data: unknown) =>
      this.#inPage(
        ([to, value]) => {
          (window as unknown as PageGlobals).standIn.portMessage(to, value);
        },
        [id, data] as const,
      ),
    );
    port.once("close", () =>
      this.#inPage((to) => {
        (window as unknown as PageGlobals).standIn.portClosed(to);
      }, id),
    );
    return id;
  }

  /** A page that went away while it was being told something needs no telling. */
  #inPage<Arg>(tell: (arg: Arg) => void, arg: Arg): void {
    const page = this.#page;
    if (page === undefined || page.isClosed()) return;
    page.evaluate(tell as (arg: unknown) => void, arg).catch(() => undefined);
  }

  #dropPorts(): void {
    for (const port of this.#ports.values()) port.close();
    this.#ports.clear();
  }

  #hear(frame: Frame, call: PageCall): unknown {
    if (call.kind === "port") {
      this.#ports.get(Number(call.channel))?.postMessage(call.payload[0]);
      return undefined;
    }
    if (call.kind === "port-closed") {
      this.#ports.get(Number(call.channel))?.close();
      return undefined;
    }
    const event = { senderFrame: this.#faceOf(frame), sender: this };
    if (call.kind === "invoke") return ipcMain.answer(call.channel, event, call.payload);
    ipcMain.emit(call.channel, event, ...call.payload);
    return undefined;
  }

  #faceOf(frame: Frame): FrameFace {
    const known = this.#faces.get(frame);
    const url = this.toApp(frame.url());
    if (known !== undefined && known.url === url) return known;
    const parent = frame.parentFrame();
    const parsed = new URL(url);
    const face = {
      url,
      origin: parsed.host === "" ? "null" : `${parsed.protocol}//${parsed.host}`,
      parent: parent === null ? null : this.#faceOf(parent),
    };
    this.#faces.set(frame, face);
    return face;
  }

  /** Asks the application about navigations as Electron does; all else goes through. */
  async #decide(route: Route): Promise<void> {
    const request = route.request();
    if (!request.isNavigationRequest()) return route.continue();
    const main = request.frame() === this.#page?.mainFrame();
    let prevented = false;
    const event = {
      url: this.toApp(request.url()),
      isMainFrame: main,
      preventDefault: () => {
        prevented = true;
      },
    };
    this.emit("will-frame-navigate", event);
    if (main) this.emit("will-navigate", event);
    return prevented ? route.abort("aborted") : route.continue();
  }
}
