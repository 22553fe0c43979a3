import { useEffect, useState } from "react";
import { useApp } from "../../../app/context.ts";
import { useMeshStore } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import type { MeshStore } from "../../../state/mesh-store.ts";
import { cleanText } from "../../../ui/text.ts";
import { changesOf, type KeyChange, MAX_CHANGES } from "../model/history.ts";

/** How far back the events are read when a key is picked, and how many at once afterwards. */
const EVENTS_BACK = 4_000;
const POLL_MS = 500;

export interface KeyHistory {
  /** Oldest first. */
  readonly changes: readonly KeyChange[];
  /** Changes before this event were not read; 1: the run is read from its start. */
  readonly fromSeq: number;
  readonly refused: string | undefined;
}

const NOTHING: KeyHistory = { changes: [], fromSeq: 1, refused: undefined };

/** The changes of a key as far as the host keeps events; follows the mesh. */
export function useHistory(namespace: string, key: string): KeyHistory {
  const { host } = useApp();
  const mesh = useMeshStore();
  const live = useConsole((state) => state.link.state === "live");
  const subject = `${mesh?.id ?? ""} ${namespace} ${key}`;
  const [state, setState] = useState<{ of: string; found: KeyHistory }>();
  useEffect(() => {
    if (mesh === undefined || !live) return undefined;
    const reader = historyReader(host, mesh, { namespace, key });
    let stopped = false;
    const read = async (): Promise<void> => {
      const found = document.hidden ? undefined : await reader();
      if (found !== undefined && !stopped) setState({ of: subject, found });
    };
    const timer = setInterval(() => void read(), POLL_MS);
    void read();
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [host, mesh, live, namespace, key, subject]);
  return state?.of === subject ? state.found : NOTHING;
}

type Host = ReturnType<typeof useApp>["host"];

/** Each call reads on from where the last one ended; `undefined`: nothing new, or busy. */
function historyReader(
  host: Host,
  mesh: MeshStore,
  { namespace, key }: { readonly namespace: string; readonly key: string },
): () => Promise<KeyHistory | undefined> {
  const fromSeq = Math.max(1, mesh.live.seq - EVENTS_BACK + 1);
  let next = fromSeq;
  let changes: readonly KeyChange[] = [];
  let busy = false;
  return async () => {
    if (busy || mesh.live.seq < next) return undefined;
    busy = true;
    try {
      const params = { mesh: mesh.id, fromSeq: next, limit: EVENTS_BACK };
      const events = await host.request("mesh.events", params);
      next += events.length;
      const found = changesOf(events, namespace, key);
      if (found.length === 0 && next > fromSeq + events.length) return undefined;
      changes = [...changes, ...found].slice(-MAX_CHANGES);
      return { changes, fromSeq, refused: undefined };
    } catch (problem) {
      const refused = problem instanceof Error ? cleanText(problem.message, 200) : "";
      return { changes, fromSeq, refused };
    } finally {
      busy = false;
    }
  };
}
