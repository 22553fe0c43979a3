/** What a command does to agreement: who is left to vote, who leads, whether safety still holds. */
import type { CommandOf } from "../../contract/commands.ts";
import type { MeshView } from "../model.ts";
import {
  type ConsensusQuorum,
  consensusQuorum,
  knownTraitors,
  quorumOf,
  quorumSize,
} from "../select/consensus-quorum.ts";
import { leadership } from "../select/leadership.ts";
import { majorityOf } from "../select/quorum.ts";
import { danger, info, nameList, type PreviewNote, warn } from "./notes.ts";

/** Of nodes that stop, pause or leave. Nothing where no voter is among them. */
export function votersAfterLoss(view: MeshView, nodes: readonly string[]): readonly PreviewNote[] {
  const before = consensusQuorum(view);
  if (before === undefined) return [];
  const gone = nodes.filter((node) => before.live.includes(node));
  if (gone.length === 0) return [];
  const after = marginWithout(before, new Set(gone));
  return [...votersNotes(before, after), ...leaderLoss(view, gone)];
}

interface Margin {
  readonly live: number;
  readonly canLose: number;
}

/** Of a joint change both halves count, so the narrower margin does. */
function marginWithout(quorum: ConsensusQuorum, gone: ReadonlySet<string>): Margin {
  const live = quorum.live.filter((node) => !gone.has(node)).length;
  const lost = quorum.live.length - live;
  const lostOld = quorum.outgoing.filter((node) => gone.has(node)).length;
  const narrowest = quorum.canLose - Math.max(lost, lostOld);
  return {
    live,
    canLose: quorum.outgoing.length === 0 ? live - quorum.needed : narrowest,
  };
}

function votersNotes(before: ConsensusQuorum, after: Margin): readonly PreviewNote[] {
  const params = {
    stopped: before.live.length - after.live,
    live: after.live,
    of: before.voters.length,
    needed: before.needed,
    canLose: after.canLose,
  };
  if (after.canLose < 0) return [danger("voters-lost", params)];
  return [after.canLose === 0 ? warn("voters-tight", params) : info("voters-kept", params)];
}

function leaderLoss(view: MeshView, gone: readonly string[]): readonly PreviewNote[] {
  const { leader } = leadership(view);
  if (leader === undefined || !gone.includes(leader)) return [];
  return [warn("loses-leader", { node: leader })];
}

export function votersAfterReturn(
  view: MeshView,
  nodes: readonly string[],
): readonly PreviewNote[] {
  const before = consensusQuorum(view);
  if (before === undefined) return [];
  const isAbsent = (node: string) => before.voters.includes(node) && !before.live.includes(node);
  const back = nodes.filter(isAbsent).length;
  const live = before.live.length + back;
  const canLose = live - before.needed;
  if (back === 0 || before.canLose >= 0 || canLose < 0) return [];
  return [info("voters-regained", { live, of: before.voters.length, needed: before.needed })];
}

/** Which side can still agree. Nodes in no group stay with the first. */
export function votingSides(
  view: MeshView,
  groups: readonly (readonly string[])[],
): readonly PreviewNote[] {
  const quorum = consensusQuorum(view);
  if (quorum === undefined) return [];
  const sideOf = new Map(groups.flatMap((group, side) => group.map((id) => [id, side] as const)));
  const sides = groups.map((_, side) =>
    quorum.live.filter((voter) => (sideOf.get(voter) ?? 0) === side),
  );
  const { needed } = quorum;
  const of = quorum.voters.length;
  const winner = sides.find((side) => side.length >= needed && holdsOld(quorum, side));
  const notes = winner === undefined ? [danger("no-side-agrees", { needed, of })] : [];
  const { leader } = leadership(view);
  const cutOff = leader !== undefined && winner !== undefined && !winner.includes(leader);
  return [
    ...notes,
    ...sides.map((side) => {
      const params = { nodes: nameList(side), count: side.length, needed, of };
      if (side.length === 0) return info("side-votes-not", params);
      return side === winner ? info("side-agrees", params) : warn("side-stalls", params);
    }),
    ...(cutOff ? [warn("leader-cut-off", { node: leader })] : []),
  ];
}

function holdsOld({ outgoing }: ConsensusQuorum, side: readonly string[]): boolean {
  if (outgoing.length === 0) return true;
  return outgoing.filter((node) => side.includes(node)).length >= majorityOf(outgoing.length);
}

export function transferNotes(
  view: MeshView,
  { to }: CommandOf<"consensus.transfer">,
): readonly PreviewNote[] {
  const { leader, term, state } = leadership(view);
  if (state === "leaderless") return [];
  if (leader === undefined) return [warn("no-leader")];
  const next = (term ?? 0) + 1;
  if (consensusQuorum(view)?.protocol === "pbft") {
    return [warn("changes-view", { leader, next, to: nextPrimary(view, next) })];
  }
  if (to === undefined) return [warn("steps-down", { leader, next })];
  return [warn("hands-over", { leader, to, next })];
}

/** The primary of view v is replica v mod n. */
function nextPrimary(view: MeshView, next: number): string {
  const voters = consensusQuorum(view)?.voters ?? [];
  return voters[next % Math.max(1, voters.length)] ?? "";
}

export function reconfigureNotes(
  view: MeshView,
  { voters, learners }: CommandOf<"consensus.reconfigure">,
): readonly PreviewNote[] {
  const before = consensusQuorum(view);
  if (before === undefined) return [];
  const set = {
    voters,
    outgoing: [],
    learners,
    quorum: quorumSize(before.protocol, voters.length, before.tolerates),
    tolerates: before.tolerates,
  };
  const after = quorumOf(view, before.protocol, set, true);
  const joining = voters.filter((node) => !before.voters.includes(node));
  const leaving = before.voters.filter((node) => !voters.includes(node));
  const live = after.live.length;
  const params = { of: voters.length, needed: after.needed, live, canLose: after.canLose };
  const { leader } = leadership(view);
  const dropsLeader = leader !== undefined && leaving.includes(leader);
  return [
    ...(joining.length > 0 ? [info("voters-join", { nodes: nameList(joining) })] : []),
    ...(leaving.length > 0 ? [warn("voters-leave", { nodes: nameList(leaving) })] : []),
    ...(dropsLeader ? [warn("loses-leader", { node: leader })] : []),
    after.canLose < 0 ? danger("new-quorum-lost", params) : info("new-quorum", params),
  ];
}

export function byzantineNotes(
  view: MeshView,
  { node, behaviours }: CommandOf<"node.byzantine">,
): readonly PreviewNote[] {
  if (behaviours.length === 0) return [info("honest-again", { node })];
  const turns = warn("turns-traitor", { node });
  const quorum = consensusQuorum(view);
  if (quorum === undefined || !isVoter(quorum, node)) return [turns];
  const traitors = new Set(knownTraitors(view).map((traitor) => traitor.node));
  traitors.add(node);
  const count = [...traitors].filter((each) => isVoter(quorum, each)).length;
  const params = { count, of: quorum.voters.length, tolerates: quorum.tolerates };
  const safety =
    count > quorum.tolerates ? danger("safety-lost", params) : info("safety-held", params);
  const silent = behaviours.includes("silent") ? votersAfterLoss(view, [node]) : [];
  return [turns, safety, ...silent];
}

function isVoter({ voters, outgoing }: ConsensusQuorum, node: string): boolean {
  return voters.includes(node) || outgoing.includes(node);
}

/** A voter without its disk may vote twice in a term, and does not know what it acknowledged. */
export function wipedVoters(view: MeshView, nodes: readonly string[]): readonly PreviewNote[] {
  const quorum = consensusQuorum(view);
  if (quorum === undefined) return [];
  const wiped = nodes.filter((node) => isVoter(quorum, node));
  return wiped.length === 0 ? [] : [danger("voter-forgets", { nodes: nameList(wiped) })];
}
