import type { MeshDescription, MeshStatus } from "#shared/contract/description.ts";
import { emptyView } from "#shared/view/empty.ts";
import type { LinkView, MeshView, NodeView } from "#shared/view/model.ts";
import { useCallback, useMemo, useSyncExternalStore } from "react";
import { activeListing } from "../../state/console.ts";
import type { MeshStore, Pace } from "../../state/mesh-store.ts";
import { useConsole } from "./use-stores.ts";

const NO_MESH: MeshView = emptyView();
const NEVER = (): (() => void) => () => {};

/** The active mesh's store, for what bypasses React (canvas from a subscription). */
export function useMeshStore(): MeshStore | undefined {
  return useConsole((state) => state.mesh);
}

export function useDescription(): MeshDescription | undefined {
  return useConsole((state) => activeListing(state)?.description);
}

export interface UseMeshOptions<T> {
  /** `slow`: at most four times a second, for summaries, lists and charts. */
  readonly pace?: Pace;
  readonly isEqual?: (a: T, b: T) => boolean;
}

/**
 * A value of the shown view (live, or the past while looking at it). `select` runs once per flush,
 * so keep it cheap; it may return a fresh object when `isEqual` compares by content. Keep `select`
 * and `isEqual` stable: module functions, or `useCallback`.
 */
export function useMesh<T>(select: (view: MeshView) => T, options: UseMeshOptions<T> = {}): T {
  const { pace = "frame", isEqual = Object.is } = options;
  const mesh = useMeshStore();
  const subscribe = useCallback(
    (listener: () => void) => mesh?.subscribe(listener, pace) ?? NEVER(),
    [mesh, pace],
  );
  const read = useMemo(() => memoize(mesh, pace, select, isEqual), [mesh, pace, select, isEqual]);
  return useSyncExternalStore(subscribe, read);
}

function memoize<T>(
  mesh: MeshStore | undefined,
  pace: Pace,
  select: (view: MeshView) => T,
  isEqual: (a: T, b: T) => boolean,
): () => T {
  let seen: { readonly version: number; readonly view: MeshView; readonly value: T } | undefined;
  return () => {
    const version = mesh?.version(pace) ?? 0;
    const view = mesh?.view ?? NO_MESH;
    if (seen?.version === version) return seen.value;
    const value = select(view);
    seen = {
      version,
      view,
      value: seen !== undefined && isEqual(seen.value, value) ? seen.value : value,
    };
    return seen.value;
  };
}

/** Redraws only when this node's entity was replaced. */
export function useNode(id: string): NodeView | undefined {
  return useMesh(useCallback((view: MeshView) => view.nodes.get(id), [id]));
}

/** `key` as of `linkKey(a, b)`; redraws only when this link's entity was replaced. */
export function useLink(key: string): LinkView | undefined {
  return useMesh(useCallback((view: MeshView) => view.links.get(key), [key]));
}

/** The ids of all nodes; the same array until a node comes or goes. */
export function useNodeIds(): readonly string[] {
  return useMesh(nodeIds, { isEqual: sameList });
}

const nodeIds = (view: MeshView): readonly string[] => [...view.nodes.keys()];

export function sameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** Grows whenever the shown view changed: for components that read containers themselves. */
export function useMeshVersion(pace: Pace = "slow"): number {
  const mesh = useMeshStore();
  const subscribe = useCallback(
    (listener: () => void) => mesh?.subscribe(listener, pace) ?? NEVER(),
    [mesh, pace],
  );
  return useSyncExternalStore(subscribe, () => mesh?.version(pace) ?? 0);
}

/** The mesh's own connection, play state and newest time. */
export function useMeshStatus(): MeshStatus | undefined {
  const mesh = useMeshStore();
  const listed = useConsole((state) => activeListing(state)?.status);
  const subscribe = useCallback(
    (listener: () => void) => mesh?.subscribe(listener, "slow") ?? NEVER(),
    [mesh],
  );
  return useSyncExternalStore(subscribe, () => mesh?.status) ?? listed;
}

/** The moment that is looked at, in mesh microseconds; undefined while looking at now. */
export function usePastAt(): number | undefined {
  const mesh = useMeshStore();
  const subscribe = useCallback(
    (listener: () => void) => mesh?.subscribe(listener, "frame") ?? NEVER(),
    [mesh],
  );
  return useSyncExternalStore(subscribe, () => mesh?.past?.at);
}
