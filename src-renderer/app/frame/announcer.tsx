import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";
import { describeEvent } from "../hooks/event-words.ts";
import { useMeshStore } from "../hooks/use-mesh.ts";

const IMPORTANT: ReadonlySet<MeshEventType> = new Set([
  "node.stopped",
  "member.confirmed",
  "partition.mode",
  "fault.applied",
  "fault.cleared",
  "invariant.violated",
]);

/** Tells screen readers what the picture shows: the latest important event, not every one. */
export function Announcer(): ReactNode {
  const { t } = useTranslation("events");
  const mesh = useMeshStore();
  const [latest, setLatest] = useState<MeshEvent>();
  useEffect(() => {
    if (mesh === undefined) return undefined;
    // What happened before this console looked is no news.
    let seenSeq = mesh.live.seq;
    return mesh.subscribe(() => {
      const found = newestImportant(mesh.live.timeline.entries, seenSeq);
      seenSeq = mesh.live.seq;
      if (found !== undefined) setLatest(found);
    }, "slow");
  }, [mesh]);
  return (
    <p className="visually-hidden" role="status">
      {latest === undefined ? "" : describeEvent(t, latest)}
    </p>
  );
}

function newestImportant(entries: readonly MeshEvent[], afterSeq: number): MeshEvent | undefined {
  for (let at = entries.length - 1; at >= 0; at -= 1) {
    const event = entries[at];
    if (event === undefined || event.seq <= afterSeq) return undefined;
    if (IMPORTANT.has(event.type)) return event;
  }
  return undefined;
}
