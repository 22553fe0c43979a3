import { HOST_PORT_MESSAGE, SHELL_BRIDGE_NAME, type ShellBridge } from "#shared/contract/bridge.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { Channel } from "#shared/rpc/channel.ts";

/** How long the shell may take to start its host and hand over a port. */
const PORT_TIMEOUT_MS = 10_000;

/** The desktop shell around this page; undefined in a browser. */
export function shellBridge(): ShellBridge | undefined {
  const found: unknown = Reflect.get(window, SHELL_BRIDGE_NAME);
  return typeof found === "object" && found !== null && "requestHostPort" in found
    ? (found as ShellBridge)
    : undefined;
}

/** Asks the shell for a port to the host. Rejects with `unreachable`. */
export function openHostPort(bridge: ShellBridge): Promise<Channel> {
  return new Promise((resolve, reject) => {
    const settle = (channel: Channel | undefined) => {
      clearTimeout(timer);
      window.removeEventListener("message", onMessage);
      if (channel !== undefined) resolve(channel);
      else reject(new MeshError("unreachable", "The host did not start.", { retryable: true }));
    };
    const onMessage = (event: MessageEvent) => {
      // Only the preload of this very window is believed.
      if (event.source !== window || event.data !== HOST_PORT_MESSAGE) return;
      const [port] = event.ports;
      if (port !== undefined) settle(portChannel(port));
    };
    const timer = setTimeout(() => settle(undefined), PORT_TIMEOUT_MS);
    window.addEventListener("message", onMessage);
    bridge.requestHostPort();
  });
}

export function portChannel(port: MessagePort): Channel {
  let closed: (() => void) | undefined;
  let open = true;
  const end = () => {
    if (!open) return;
    open = false;
    closed?.();
  };
  port.addEventListener("close", end);
  return {
    send(frame) {
      if (open) port.postMessage(frame);
    },
    onFrame(receive) {
      port.addEventListener("message", ({ data }: MessageEvent<unknown>) => receive(data));
      port.start();
    },
    onClose(call) {
      closed = call;
    },
    close() {
      port.close();
      end();
    },
  };
}
