import { useEffect, useState } from "react";
import type { Inspection } from "#shared/contract/inspection.ts";
import { useApp } from "../../../app/context.ts";
import { useMeshStore, usePastAt } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { cleanText } from "../../../ui/text.ts";
import { pollInspections } from "./inspection-poll.ts";

const POLL_MS = 250;
/** More members than this are not asked: their table is for reading, not for watching timers. */
const MAX_ASKED = 16;

export interface Inspections {
  readonly byNode: ReadonlyMap<string, Inspection>;
  /** Why nobody answers. */
  readonly refused: string | undefined;
}

const NOTHING: Inspections = { byNode: new Map(), refused: undefined };

/** What members hold at this moment; nothing while looking at the past or away from the page. */
export function useInspections(ids: readonly string[]): Inspections {
  const app = useApp();
  const mesh = useMeshStore();
  const past = usePastAt() !== undefined;
  const live = useConsole((state) => state.link.state === "live");
  const [state, setState] = useState<{ of: string; found: Inspections }>();
  const names = ids.slice(0, MAX_ASKED).join(" ");
  const subject = `${mesh?.id ?? ""} ${names}`;
  useEffect(() => {
    if (mesh === undefined || past || !live || names === "") return undefined;
    return pollInspections({
      nodes: names.split(" "),
      inspect: (node) => app.host.request("mesh.inspect", { mesh: mesh.id, node, logLimit: 0 }),
      isMoving: () => mesh.status?.playing !== false,
      newest: () => mesh.live.seq,
      isSeen: () => !document.hidden,
      onAnswers: (byNode) => setState({ of: subject, found: { byNode, refused: undefined } }),
      onRefused: (reason) => {
        const refused = cleanText(reason, 200);
        setState({ of: subject, found: { byNode: new Map(), refused } });
      },
      every: (call) => {
        const timer = setInterval(call, POLL_MS);
        return () => clearInterval(timer);
      },
    });
  }, [app, mesh, past, live, names, subject]);
  return past || state?.of !== subject ? NOTHING : state.found;
}
