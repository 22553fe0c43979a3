import { useSyncExternalStore } from "react";
import { type Palette, readPalette } from "./palette.ts";

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
