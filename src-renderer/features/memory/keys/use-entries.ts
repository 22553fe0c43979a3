import { useEffect, useState } from "react";
import type { MemoryEntry } from "#shared/contract/inspection.ts";
import { useApp } from "../../../app/context.ts";
import { useMeshStore, usePastAt } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { cleanText } from "../../../ui/text.ts";

const POLL_MS = 500;

export interface NodeEntries {
  readonly entries: readonly MemoryEntry[];
  /** Entries that did not fit into the answer. */
  readonly skipped: number;
  /** Why there is no answer, in the host's words. */
  readonly refused: string | undefined;
}

const NOTHING: NodeEntries = { entries: [], skipped: 0, refused: undefined };

/** What one node holds at this moment; asked again while the mesh moves. */
export function useEntries(node: string | undefined): NodeEntries {
  const { host, t } = useApp();
  const mesh = useMeshStore();
  const past = usePastAt() !== undefined;
  const live = useConsole((state) => state.link.state === "live");
  const [state, setState] = useState<{ of: string; found: NodeEntries }>();
  const subject = `${mesh?.id ?? ""} ${node ?? ""}`;
  useEffect(() => {
    if (mesh === undefined || node === undefined || past || !live) return undefined;
    let stopped = false;
    let asking = false;
    let seen: number | undefined;
    const ask = async (): Promise<void> => {
      const { seq } = mesh.live;
      if (asking || document.hidden || seen === seq) return;
      asking = true;
      const found = await read(host, { mesh: mesh.id, node, logLimit: 0 });
      asking = false;
      seen = seq;
      if (!stopped) setState({ of: subject, found });
    };
    const timer = setInterval(() => void ask(), POLL_MS);
    void ask();
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, [host, mesh, node, past, live, subject]);
  if (node === undefined) return NOTHING;
  if (past) return { ...NOTHING, refused: t("memory:keys.past") };
  return state?.of === subject ? state.found : NOTHING;
}

type Host = ReturnType<typeof useApp>["host"];

async function read(
  host: Host,
  params: { readonly mesh: string; readonly node: string; readonly logLimit: number },
): Promise<NodeEntries> {
  try {
    const { memory, memorySkipped } = await host.request("mesh.inspect", params);
    return { entries: memory, skipped: memorySkipped, refused: undefined };
  } catch (problem) {
    const refused = problem instanceof Error ? cleanText(problem.message, 200) : "";
    return { ...NOTHING, refused };
  }
}
