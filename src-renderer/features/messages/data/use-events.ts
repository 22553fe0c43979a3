import type { MeshEvent } from "#shared/contract/events.ts";
import { parseMeshEvent } from "#shared/contract/events.ts";
import { useEffect, useMemo, useState } from "react";
import { useApp } from "../../../app/context.ts";
import { useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import type { MeshStore } from "../../../state/mesh-store.ts";
import { useMessages } from "../context.ts";
import type { TimeRange } from "../model/coverage.ts";
import { seqRange } from "../model/seq-range.ts";

/** Events of a window that are read from the host at once; a wider window shows fewer kinds. */
const MAX_READ = 4_000;
const SETTLE_MS = 300;
/** What the timeline leaves out, and a diagram wants. */
const WANTED: ReadonlySet<MeshEvent["type"]> = new Set(["consensus.committed"]);

/** Events for the lines of nodes, oldest first: the timeline's, and commits where they are few. */
export function useEvents(): readonly MeshEvent[] {
  const mesh = useMeshStore();
  const version = useMeshVersion("slow");
  const commits = useCommits(mesh);
  // The timeline is changed in place: what it held at a version is taken anew with the next.
  const held = useMemo(() => ({ mesh, version }), [mesh, version]);
  return useMemo(() => {
    const entries = held.mesh?.live.timeline.entries ?? [];
    if (commits.length === 0) return [...entries];
    return [...entries, ...commits].sort((a, b) => a.seq - b.seq);
  }, [held, commits]);
}

function useCommits(mesh: MeshStore | undefined): readonly MeshEvent[] {
  const { host } = useApp();
  const window = useMessages((state) => state.window);
  const [found, setFound] = useState<readonly MeshEvent[]>([]);
  const consents = mesh !== undefined && mesh.live.agreement.protocol !== undefined;
  useEffect(() => {
    if (mesh === undefined || !consents) return undefined;
    let late = false;
    const timer = setTimeout(() => {
      const read = async (): Promise<void> => {
        const events = await readCommits(host, mesh, window);
        if (!late) setFound(events);
      };
      // The marks are an extra: without them the diagram still stands.
      read().catch(() => undefined);
    }, SETTLE_MS);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [host, mesh, consents, window]);
  return found;
}

async function readCommits(
  host: ReturnType<typeof useApp>["host"],
  mesh: MeshStore,
  window: TimeRange,
): Promise<readonly MeshEvent[]> {
  const { timeline, seq } = mesh.live;
  const { fromSeq, toSeq } = seqRange(timeline.entries, window, seq);
  const limit = toSeq - fromSeq + 1;
  if (limit < 1 || limit > MAX_READ) return [];
  const raw = await host.request("mesh.events", { mesh: mesh.id, fromSeq, limit });
  return raw.map((event) => parseMeshEvent(event)).filter(({ type }) => WANTED.has(type));
}
