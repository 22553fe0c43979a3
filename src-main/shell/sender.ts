/** Who may speak to the shell: the main frame of one of its own windows, showing its own page. */
import { APP_ORIGIN } from "./origin.ts";

interface Frame {
  readonly origin: string;
  readonly parent: unknown;
}

export interface SenderEvent {
  /** Null when the frame navigated or went away before the message was handled. */
  readonly senderFrame: Frame | null;
  readonly sender: { readonly id: number; readonly mainFrame: unknown };
}

export function isTrusted(event: SenderEvent, windowContents: ReadonlySet<number>): boolean {
  const frame = event.senderFrame;
  return (
    frame !== null &&
    frame.parent === null &&
    frame === event.sender.mainFrame &&
    frame.origin === APP_ORIGIN &&
    windowContents.has(event.sender.id)
  );
}
