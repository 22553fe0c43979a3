/** Colours of the diagram, read from the design tokens. */
import { useSyncExternalStore } from "react";

export interface Palette {
  readonly surface: string;
  readonly surface2: string;
  readonly border: string;
  readonly strong: string;
  readonly grid: string;
  readonly text: string;
  readonly text2: string;
  readonly text3: string;
  readonly accent: string;
  readonly failed: string;
  readonly suspect: string;
  readonly paused: string;
  readonly healthy: string;
  /** Hues of protocols, after Okabe and Ito. */
  readonly series: readonly string[];
  readonly font: string;
  readonly mono: string;
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    surface: token("--surface"),
    surface2: token("--surface-2"),
    border: token("--border"),
    strong: token("--border-strong"),
    grid: token("--grid-line"),
    text: token("--text"),
    text2: token("--text-2"),
    text3: token("--text-3"),
    accent: token("--accent-text"),
    failed: token("--failed"),
    suspect: token("--suspect"),
    paused: token("--paused"),
    healthy: token("--healthy"),
    series: [1, 2, 3, 4, 5, 6].map((hue) => token(`--series-${hue}`)),
    font: token("--font-ui"),
    mono: token("--font-mono"),
  };
}

let cached: { readonly theme: string | undefined; readonly palette: Palette } | undefined;

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => observer.disconnect();
}

function current(): Palette {
  const { theme } = document.documentElement.dataset;
  if (cached === undefined || cached.theme !== theme) {
    cached = { theme, palette: readPalette(document.documentElement) };
  }
  return cached.palette;
}

/** The colours of the theme in force. */
export function usePalette(): Palette {
  return useSyncExternalStore(subscribe, current);
}
