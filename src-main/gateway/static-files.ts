/** Serves the built console from one folder, and nothing outside of it. */
import { readFile, realpath } from "node:fs/promises";
import { extname, join, sep } from "node:path";

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};

export interface StaticFile {
  readonly body: Buffer;
  readonly mediaType: string;
  /** Its name holds a hash of its content, so it never changes. */
  readonly immutable: boolean;
}

/**
 * The file for a URL path, "/" being the page itself; `undefined` when there is none. Links that
 * lead out of the folder, dot files and unknown kinds are none of ours.
 */
export async function readStaticFile(
  folder: string,
  urlPath: string,
): Promise<StaticFile | undefined> {
  const segments = safeSegments(urlPath === "/" ? "/index.html" : urlPath);
  const mediaType = segments && MEDIA_TYPES[extname(segments.at(-1) ?? "")];
  if (segments === undefined || mediaType === undefined) return undefined;
  try {
    const root = await realpath(folder);
    const path = await realpath(join(root, ...segments));
    if (!path.startsWith(root + sep)) return undefined;
    return { body: await readFile(path), mediaType, immutable: segments[0] === "assets" };
  } catch {
    // Missing, a folder, unreadable: for a visitor all of that is "not found".
    return undefined;
  }
}

function safeSegments(urlPath: string): readonly string[] | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  const segments = decoded.slice(1).split("/");
  const safe = segments.every((segment) => /^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(segment));
  return decoded.startsWith("/") && safe ? segments : undefined;
}
