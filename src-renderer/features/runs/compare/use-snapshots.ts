import { useEffect, useRef, useState } from "react";
import type { MeshView } from "#shared/view/model.ts";
import { decodeSnapshot } from "#shared/view/snapshot.ts";
import { useApp } from "../../../app/context.ts";
import { errorText } from "../../../app/hooks/error-text.ts";

export interface Snapshots {
  readonly a: MeshView;
  readonly b: MeshView;
  /** Mesh time that both are of. */
  readonly at: number;
  /** The meshes they are of. */
  readonly of: string;
}

export interface SnapshotState {
  readonly snapshots: Snapshots | undefined;
  readonly problem: string | undefined;
}

/** Both meshes at one moment. While the cursor moves: one request at a time, then the latest wish. */
export function useSnapshots(a: string, b: string, at: number): SnapshotState {
  const app = useApp();
  const [state, setState] = useState<SnapshotState>({ snapshots: undefined, problem: undefined });
  const wanted = useRef<{ readonly a: string; readonly b: string; readonly at: number }>(undefined);
  const busy = useRef(false);
  useEffect(() => {
    wanted.current = { a, b, at };
    if (busy.current) return;
    busy.current = true;
    const snapshot = async (mesh: string, moment: number): Promise<MeshView> =>
      decodeSnapshot(await app.host.request("mesh.snapshotAt", { mesh, at: moment }));
    const work = async (): Promise<void> => {
      while (wanted.current !== undefined) {
        const now = wanted.current;
        wanted.current = undefined;
        try {
          const [viewA, viewB] = await Promise.all([
            snapshot(now.a, now.at),
            snapshot(now.b, now.at),
          ]);
          const snapshots = { a: viewA, b: viewB, at: now.at, of: pairId(now.a, now.b) };
          setState({ snapshots, problem: undefined });
        } catch (error) {
          setState((before) => ({ ...before, problem: errorText(app.t, error) }));
        }
      }
    };
    void work().finally(() => {
      busy.current = false;
    });
  }, [app, a, b, at]);
  const { snapshots, problem } = state;
  return { snapshots: snapshots?.of === pairId(a, b) ? snapshots : undefined, problem };
}

function pairId(a: string, b: string): string {
  return `${a} ${b}`;
}
