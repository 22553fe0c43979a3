import { BrowserWindow, nativeTheme, screen } from "electron";
import { APP_PAGE } from "./origin.ts";
import {
  loadWindowState,
  MIN_HEIGHT,
  MIN_WIDTH,
  placeWindow,
  saveWindowState,
} from "./window-state.ts";

/** Shown until the page has painted; the same as the console's canvas in each theme. */
const BACKGROUND = { dark: "#101418", light: "#f6f7f9" };

export interface ConsoleWindowOptions {
  readonly preload: string;
  readonly stateFile: string;
}

export function openConsoleWindow(options: ConsoleWindowOptions): BrowserWindow {
  const kept = loadWindowState(options.stateFile);
  const window = new BrowserWindow({
    ...placeWindow(
      kept,
      screen.getAllDisplays().map((display) => display.workArea),
    ),
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: "Meshdeck",
    backgroundColor: nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light,
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  });
  if (kept?.maximised === true) window.maximize();
  window.once("ready-to-show", () => window.show());
  window.on("close", () => remember(window, options.stateFile));
  void window.loadURL(APP_PAGE);
  return window;
}

/** A window that cannot be remembered closes all the same. */
function remember(window: BrowserWindow, file: string): void {
  try {
    saveWindowState(file, { ...window.getNormalBounds(), maximised: window.isMaximized() });
  } catch (error) {
    console.warn("the window's place was not saved:", error);
  }
}
