import type { HostClient } from "../client/host-client.ts";
import { parseMeshEvent } from "#shared/contract/events.ts";
import { cloneView } from "#shared/view/clone.ts";
import { fold } from "#shared/view/fold.ts";
import { decodeSnapshot } from "#shared/view/snapshot.ts";
import type { ConsoleStore } from "../state/console.ts";
import type { MeshStore } from "../state/mesh-store.ts";

export interface TimeTravel {
  lookAt(at: number): Promise<void>;
  lookBeside(step: 1 | -1): Promise<void>;
  returnToNow(): void;
}

/** `failed` hears of a moment that could not be shown. */
export function createTimeTravel(
  host: HostClient,
  store: ConsoleStore,
  failed: (error: unknown) => void,
): TimeTravel {
  // While dragging, many moments are asked for: one request at a time, then the latest wish.
  let busy = false;
  let wanted: { readonly mesh: MeshStore; readonly at: number } | undefined;

  async function fetchWanted(): Promise<void> {
    while (wanted !== undefined) {
      const { mesh, at } = wanted;
      wanted = undefined;
      const snapshot = await host.request("mesh.snapshotAt", { mesh: mesh.id, at });
      mesh.showPast({ at, view: decodeSnapshot(snapshot) });
    }
  }

  async function lookAt(at: number): Promise<void> {
    const { mesh } = store.getState();
    if (mesh === undefined) return;
    wanted = { mesh, at: Math.max(0, Math.round(at)) };
    if (busy) return;
    busy = true;
    try {
      await fetchWanted();
    } catch (error) {
      wanted = undefined;
      failed(error);
    } finally {
      busy = false;
    }
  }

  async function stepForward(mesh: MeshStore): Promise<void> {
    const view = mesh.view;
    const [raw] = await host.request("mesh.events", {
      mesh: mesh.id,
      fromSeq: view.seq + 1,
      limit: 1,
    });
    if (raw === undefined) {
      mesh.returnToNow();
      return;
    }
    const event = parseMeshEvent(raw);
    const next = cloneView(view);
    fold(next, event);
    mesh.showPast({ at: event.at, view: next });
  }

  async function stepBack(mesh: MeshStore): Promise<void> {
    const { seq, at } = mesh.view;
    if (seq <= 1) return;
    const [raw] = await host.request("mesh.events", { mesh: mesh.id, fromSeq: seq, limit: 1 });
    const current = raw === undefined ? at : parseMeshEvent(raw).at;
    // Events of one instant are left together: a snapshot is of a time, not of a number.
    await lookAt(current - 1);
  }

  return {
    lookAt,
    async lookBeside(step) {
      const { mesh } = store.getState();
      if (mesh === undefined) return;
      try {
        await (step === 1 ? stepForward(mesh) : stepBack(mesh));
      } catch (error) {
        failed(error);
      }
    },
    returnToNow() {
      wanted = undefined;
      store.getState().mesh?.returnToNow();
    },
  };
}
