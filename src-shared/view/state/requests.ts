/** What was asked of the mesh, and how it ended. */
import type { MeshEventOf } from "../../contract/events.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";
import {
  MAX_REQUESTS,
  MAX_SHOWN_SIBLINGS,
  MAX_SHOWN_VALUE,
  type RequestView,
} from "../state-model.ts";

function submitted(view: MeshView, event: MeshEventOf<"request.submitted">): void {
  const { node, request, what, text, at } = event;
  if (!view.nodes.has(node)) return;
  put(view, { ...blank(request, node, at), what, text });
}

function blank(id: string, node: string, at: number): RequestView {
  return {
    id,
    node,
    what: "",
    text: "",
    submittedAt: at,
    answeredAt: undefined,
    code: undefined,
    message: undefined,
    index: undefined,
    value: undefined,
    siblings: [],
    stale: false,
    tookUs: undefined,
  };
}

function put(view: MeshView, request: RequestView): void {
  view.requests.set(request.id, request);
  for (const id of view.requests.keys()) {
    if (view.requests.size <= MAX_REQUESTS) break;
    view.requests.delete(id);
  }
}

/** The answer to a request that the view does not have (any more) stands for itself. */
function answered(view: MeshView, event: MeshEventOf<"request.answered">): void {
  const { node, request, code, message, index, value, siblings, stale, tookUs, at } = event;
  if (!view.nodes.has(node)) return;
  const known = view.requests.get(request) ?? blank(request, node, Math.max(0, at - tookUs));
  if (known.answeredAt !== undefined) return;
  put(view, {
    ...known,
    answeredAt: at,
    code,
    message,
    index,
    value: value === undefined ? undefined : clip(value),
    siblings: (siblings ?? []).slice(0, MAX_SHOWN_SIBLINGS).map(clip),
    stale: stale === true,
    tookUs,
  });
}

function clip(value: string): string {
  return value.length > MAX_SHOWN_VALUE ? `${value.slice(0, MAX_SHOWN_VALUE - 1)}…` : value;
}

export const requestHandlers: Handlers<"request.submitted" | "request.answered"> = {
  "request.submitted": submitted,
  "request.answered": answered,
};
