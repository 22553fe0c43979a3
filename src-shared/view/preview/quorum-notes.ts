/** What a command does to the majority of the last agreed membership. */
import type { MeshView } from "../model.ts";
import {
  isAgreedMember,
  isPresent,
  isUp,
  majorityOf,
  type QuorumMargin,
  quorumMargin,
} from "../select/quorum.ts";
import { danger, info, nameList, type PreviewNote, warn } from "./notes.ts";

/** Members are missing from now on; with `shrinks` they are no members any more either. */
export function quorumAfterLoss(
  view: MeshView,
  nodes: readonly string[],
  shrinks: boolean,
): readonly PreviewNote[] {
  const before = quorumMargin(view);
  if (before === undefined) return [];
  const known = nodes.flatMap((id) => view.nodes.get(id) ?? []);
  const absent = known.filter(isPresent).length;
  const of = before.of - (shrinks ? known.filter(isAgreedMember).length : 0);
  return quorumNotes(before, marginOf(of, before.present - absent));
}

export function quorumAfterReturn(
  view: MeshView,
  nodes: readonly string[],
): readonly PreviewNote[] {
  const before = quorumMargin(view);
  if (before === undefined) return [];
  const back = nodes.filter((id) => {
    const node = view.nodes.get(id);
    return node !== undefined && !isPresent(node);
  });
  const after = marginOf(before.of, before.present + back.length);
  const regained = before.canLose < 0 && after.canLose >= 0;
  return regained ? [info("quorum-regained", paramsOf(after))] : quorumNotes(before, after);
}

function marginOf(of: number, present: number): QuorumMargin {
  const needed = majorityOf(of);
  return { of, needed, present, canLose: present - needed };
}

function quorumNotes(before: QuorumMargin, after: QuorumMargin): readonly PreviewNote[] {
  if (after.of < 1) return [];
  if (after.canLose < 0) return [danger("quorum-lost", paramsOf(after))];
  const worse = after.canLose < before.canLose;
  if (after.canLose === 0 && worse) return [warn("quorum-tight", paramsOf(after))];
  return [info("quorum-kept", paramsOf(after))];
}

function paramsOf({ of, needed, present, canLose }: QuorumMargin) {
  return { of, needed, present, canLose };
}

/** Which side of a partition goes on. Nodes in no group stay with the first. */
export function sideNotes(
  view: MeshView,
  groups: readonly (readonly string[])[],
): readonly PreviewNote[] {
  const margin = quorumMargin(view);
  if (margin === undefined) return [];
  const sides = sidesOf(view, groups);
  const winner = sides.find((side) => keepsMajority(view, side, margin));
  const notes = sides.map((side) => {
    const { of, needed } = margin;
    const params = { nodes: nameList(side), count: side.length, needed, of };
    return side === winner ? info("side-majority", params) : warn("side-minority", params);
  });
  const { needed, of } = margin;
  return winner === undefined ? [danger("no-side-majority", { needed, of }), ...notes] : notes;
}

/** Present members of each side. */
function sidesOf(
  view: MeshView,
  groups: readonly (readonly string[])[],
): readonly (readonly string[])[] {
  const sideOf = new Map(groups.flatMap((group, side) => group.map((id) => [id, side] as const)));
  const sides: string[][] = groups.map(() => []);
  for (const node of view.nodes.values()) {
    if (isUp(node)) sides[sideOf.get(node.id) ?? 0]?.push(node.id);
  }
  return sides;
}

/** Of exactly one half, the side with the tie breaker goes on. */
function keepsMajority(view: MeshView, side: readonly string[], { of, needed }: QuorumMargin) {
  const tieBreaker = view.mesh.options?.membership.tieBreaker;
  const wonTie = side.length * 2 === of && tieBreaker !== undefined && side.includes(tieBreaker);
  return side.length >= needed || wonTie;
}
