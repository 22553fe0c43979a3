/** Names of the messages between preload and shell. Nothing else is listened to. */
export const CHANNELS = {
  /** Page → shell, one way: hand me a port to the host. */
  requestPort: "meshdeck:request-port",
  /** Shell → page, with the port. */
  port: "meshdeck:port",
  /** Page → shell, answered with whether it was opened. */
  openExternal: "meshdeck:open-external",
  /** Shell → page: a menu item was chosen. */
  menu: "meshdeck:menu",
} as const;
