/** What the spec and the application under test say to each other beside the page. */
export type Control =
  | { readonly kind: "menu"; readonly id: string }
  | { readonly kind: "kill-host" }
  | { readonly kind: "ask-permission"; readonly permission: string }
  | { readonly kind: "quit" };

export type Report =
  | { readonly kind: "window"; readonly endpoint: string; readonly webPreferences: unknown }
  | { readonly kind: "opened"; readonly url: string }
  | { readonly kind: "error-box"; readonly title: string; readonly text: string }
  | { readonly kind: "permission"; readonly granted: boolean };

export function report(message: Report): void {
  process.send?.(message);
}

export function onControl(listener: (control: Control) => void): void {
  process.on("message", listener);
}
