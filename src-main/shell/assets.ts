/** From an address of the page to a file of the built console, or to nothing. */
import { extname, isAbsolute, relative, resolve } from "node:path";
import { APP_HOST, APP_SCHEME } from "./origin.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

export function contentType(path: string): string {
  return CONTENT_TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
}

export function isInside(folder: string, path: string): boolean {
  const rest = relative(folder, path);
  return rest !== "" && !isAbsolute(rest) && rest !== ".." && !/^\.\.[/\\]/.test(rest);
}

/**
 * The file meant by `address`, undefined when it is not of this application or leads out of
 * `folder`. Symbolic links are the reader's to check: this looks at names only.
 */
export function assetPath(folder: string, address: string): string | undefined {
  const url = URL.parse(address);
  if (url?.protocol !== `${APP_SCHEME}:` || url.host !== APP_HOST) return undefined;
  if (url.username !== "" || url.password !== "") return undefined;
  const name = decoded(url.pathname);
  if (name === undefined || /[\0\\]/.test(name)) return undefined;
  const path = resolve(folder, `.${name === "/" ? "/index.html" : name}`);
  return isInside(folder, path) ? path : undefined;
}

function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}
