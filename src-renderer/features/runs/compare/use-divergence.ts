import { useEffect, useState } from "react";
import { MeshError } from "#shared/contract/errors.ts";
import { parseMeshEvent } from "#shared/contract/events.ts";
import { useApp } from "../../../app/context.ts";
import { errorText } from "../../../app/hooks/error-text.ts";
import { type Divergence, firstDivergence } from "./divergence.ts";
import { type Chosen, commonPast } from "./pick.ts";

export type Search =
  | { readonly state: "looking" }
  | { readonly state: "done"; readonly divergence: Divergence }
  /** The events from which on they would be compared are not kept any more. */
  | { readonly state: "gone" }
  | { readonly state: "failed"; readonly problem: string };

const LOOKING: Search = { state: "looking" };

/** The first event in which two meshes differ; looked for anew when `round` changes. */
export function useDivergence(chosen: Chosen, round: number): Search {
  const app = useApp();
  const [found, setFound] = useState<{ readonly key: string; readonly search: Search }>();
  const fromSeq = (commonPast(chosen)?.seq ?? 0) + 1;
  const a = chosen.a.description.id;
  const b = chosen.b.description.id;
  const key = `${a} ${b} ${fromSeq} ${round}`;
  // Where they stand while it looks is not what it depends on.
  const untilA = chosen.a.status.at;
  const untilB = chosen.b.status.at;
  useEffect(() => {
    let cancelled = false;
    const mesh = { a, b };
    const settle = (search: Search): void => {
      if (!cancelled) setFound({ key, search });
    };
    const look = async (): Promise<void> => {
      try {
        const divergence = await firstDivergence({
          fromSeq,
          until: { a: untilA, b: untilB },
          cancelled: () => cancelled,
          read: async (side, from, limit) => {
            const params = { mesh: mesh[side], fromSeq: from, limit };
            return (await app.host.request("mesh.events", params)).map(parseMeshEvent);
          },
        });
        if (divergence !== undefined) settle({ state: "done", divergence });
      } catch (error) {
        const gone = error instanceof MeshError && error.code === "history-gone";
        settle(gone ? { state: "gone" } : { state: "failed", problem: errorText(app.t, error) });
      }
    };
    void look();
    return () => {
      cancelled = true;
    };
    // oxlint-disable-next-line react/exhaustive-deps -- time goes on; the button looks again.
  }, [app, a, b, fromSeq, key]);
  return found?.key === key ? found.search : LOOKING;
}
