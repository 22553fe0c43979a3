/** What no page of this application may do, whatever it contains. */
import type { App, Session, WebContents } from "electron";
import { APP_ORIGIN } from "./origin.ts";

/** Whether a navigation stays on the console's own page. */
export function staysInside(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && `${url.protocol}//${url.host}` === APP_ORIGIN;
}

export function denyPermissions(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
}

/** Holds for every page ever made, also those nobody thought of. */
export function denyLeaving(app: App): void {
  app.on("web-contents-created", (_event, contents) => {
    contents.setWindowOpenHandler(() => ({ action: "deny" }));
    contents.on("will-attach-webview", (event) => event.preventDefault());
    contents.on("will-navigate", (event) => {
      if (!staysInside(event.url)) event.preventDefault();
    });
    contents.on("will-redirect", (event) => {
      if (!staysInside(event.url)) event.preventDefault();
    });
    contents.on("will-frame-navigate", (event) => refuseFrames(event, contents));
  });
}

/** The console has no frames; one that appears was injected. */
function refuseFrames(
  event: { readonly isMainFrame: boolean; preventDefault(): void },
  contents: WebContents,
): void {
  if (event.isMainFrame || contents.isDestroyed()) return;
  event.preventDefault();
}
