import type { AppServices } from "../services.ts";

/**
 * A click anywhere in a list of moments: `data-node` selects a node, `data-jump` shows a moment. One
 * listener for the list keeps its many rows light.
 */
export function followRow(app: AppServices, event: { readonly target: EventTarget | null }): void {
  if (!(event.target instanceof Element)) return;
  const button = event.target.closest("[data-node], [data-jump]");
  if (!(button instanceof HTMLElement)) return;
  const { node, jump } = button.dataset;
  if (node !== undefined) app.selection.getState().selectNode(node);
  if (jump !== undefined) void app.lookAt(Number(jump));
}
