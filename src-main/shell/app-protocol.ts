/** Serves the built console under `app://meshdeck`, with the policy of every other surface. */
import { readFile, realpath } from "node:fs/promises";
import { protocol, type Session } from "electron";
import { CONTENT_SECURITY_POLICY } from "#shared/contract/csp.ts";
import { assetPath, contentType, isInside } from "./assets.ts";
import { APP_SCHEME } from "./origin.ts";

/** Must run before the application is ready; Electron ignores it later. */
export function declareAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

export function serveApp(session: Session, folder: string): void {
  session.protocol.handle(APP_SCHEME, (request) => answer(request, folder));
}

async function answer(request: Request, folder: string): Promise<Response> {
  if (request.method !== "GET" && request.method !== "HEAD")
    return plain(405, "method not allowed");
  const path = assetPath(folder, request.url);
  if (path === undefined) return plain(404, "not found");
  try {
    const [real, root] = await Promise.all([realpath(path), realpath(folder)]);
    if (!isInside(root, real)) return plain(404, "not found");
    const body = request.method === "HEAD" ? null : await readFile(real);
    return new Response(body, { status: 200, headers: headersFor(contentType(real)) });
  } catch {
    return plain(404, "not found");
  }
}

function plain(status: number, text: string): Response {
  return new Response(text, { status, headers: headersFor("text/plain; charset=utf-8") });
}

function headersFor(type: string): Record<string, string> {
  return {
    "content-type": type,
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
  };
}
