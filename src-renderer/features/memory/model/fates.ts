/** What was asked of the memory lately, and how each request ended. */
import type { MeshView } from "#shared/view/model.ts";
import type { RequestView } from "#shared/view/state-model.ts";
import type { Tone } from "../../../ui/badge.tsx";

const MAX_LISTED = 30;

/** Newest first. */
export function memoryRequests(view: MeshView): readonly RequestView[] {
  return [...view.requests.values()]
    .filter(({ what }) => what.startsWith("memory."))
    .slice(-MAX_LISTED)
    .reverse();
}

/** Only a definite refusal is shown as one: what is unknown may have been carried out. */
export function fateTone({ code }: RequestView): Tone {
  switch (code) {
    case undefined:
      return "info";
    case "ok":
      return "healthy";
    case "unknown":
      return "suspect";
    case "not-found":
      return "neutral";
    default:
      return "degraded";
  }
}

/** What it answered with; `undefined` where it gave nothing back. */
export function answerOf({ value, siblings }: RequestView): readonly string[] | undefined {
  if (siblings.length > 0) return siblings;
  return value === undefined ? undefined : [value];
}
