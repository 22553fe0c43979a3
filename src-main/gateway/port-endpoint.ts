/** Sessions over a message port: the console of the desktop application, in the same machine. */
import type { Channel } from "#shared/rpc/channel.ts";

/** What Electron's `MessagePortMain` and Node's `MessagePort` have in common, by callbacks. */
export interface FramePort {
  post(value: unknown): void;
  onMessage(listener: (value: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/**
 * Frames are values already. The port is trusted by where it came from, and nobody knows how much
 * waits in it: credit alone holds the host back.
 */
export function portChannel(port: FramePort): Channel {
  return {
    send: (frame) => port.post(frame),
    onFrame: (receive) => port.onMessage(receive),
    onClose: (closed) => port.onClose(closed),
    close: () => port.close(),
  };
}
