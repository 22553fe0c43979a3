import type { Channel } from "./channel.ts";

interface End {
  receive: ((frame: unknown) => void) | undefined;
  closed: (() => void) | undefined;
}

/**
 * Two ends in one process, with JSON between them like on a wire. Frames, and the news that the
 * channel closed, cross in the order in which `deliver` runs what it is given.
 */
export function memoryChannels(deliver: (cross: () => void) => void): {
  readonly client: Channel;
  readonly host: Channel;
} {
  const wire = { open: true };
  const client: End = { receive: undefined, closed: undefined };
  const host: End = { receive: undefined, closed: undefined };

  function endOf(own: End, peer: End): Channel {
    return {
      send(frame) {
        if (!wire.open) return;
        const text = JSON.stringify(frame);
        deliver(() => {
          if (wire.open) peer.receive?.(JSON.parse(text));
        });
      },
      onFrame(receive) {
        own.receive = receive;
      },
      onClose(closed) {
        own.closed = closed;
      },
      close() {
        deliver(() => {
          if (!wire.open) return;
          wire.open = false;
          own.closed?.();
          peer.closed?.();
        });
      },
    };
  }

  return { client: endOf(client, host), host: endOf(host, client) };
}
