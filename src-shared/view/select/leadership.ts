/** Who leads, from what ALL members say: nobody's word alone makes a leader. */
import type { ConsensusKind } from "../../contract/agreement-events.ts";
import type { ConsensusMember } from "../agreement-model.ts";
import type { MeshView } from "../model.ts";
import { isUp } from "./quorum.ts";

export interface LeaderClaim {
  readonly node: string;
  readonly term: number;
  readonly since: number | undefined;
  /** Members up that name this node the leader of this term, itself included. */
  readonly followers: readonly string[];
  /** Whether these are a quorum of the voters. */
  readonly backed: boolean;
}

/** A member whose word differs from the leader and term that hold. */
export interface LeaderDisagreement {
  readonly node: string;
  readonly term: number | undefined;
  /** Whom it takes for the leader; `undefined`: nobody. */
  readonly leader: string | undefined;
}

/**
 * `led`: a quorum follows one node. `contested`: somebody says it leads, and no quorum follows it.
 * `electing`: nobody leads, and somebody stands or demands a new view. `none`: nobody leads.
 * `leaderless`: the protocol has no leader. `unknown`: nobody said anything yet.
 */
export type LeadershipState = "led" | "contested" | "electing" | "none" | "leaderless" | "unknown";

export interface Leadership {
  readonly state: LeadershipState;
  /** Only where `led`. */
  readonly leader: string | undefined;
  /** Of the leader; without one the highest that a member that runs has. */
  readonly term: number | undefined;
  readonly since: number | undefined;
  /** Everybody who says that it leads and whose process runs, newest term first. */
  readonly claims: readonly LeaderClaim[];
  readonly disagreements: readonly LeaderDisagreement[];
  /** Who led last and is gone, while nobody leads. */
  readonly lost: { readonly node: string; readonly at: number } | undefined;
}

/** The strategy that this mesh runs; "none" where it is known to run none. */
export function consensusKind(view: MeshView): ConsensusKind | undefined {
  return view.agreement.protocol ?? view.mesh.options?.consensus.kind;
}

export function leadership(view: MeshView): Leadership {
  const members = speakers(view);
  const claims = claimsOf(view, members);
  const led = claims.find((claim) => claim.backed);
  const terms = members.map((member) => member.term ?? 0);
  const [newest] = claims;
  const term = led?.term ?? (members.length === 0 ? undefined : Math.max(...terms));
  const wanted = led ?? newest;
  const { lead } = view.agreement;
  const isLost = led === undefined && lead?.lostAt !== undefined;
  return {
    state: stateOf(view, members, claims),
    leader: led?.node,
    term,
    since: led?.since,
    claims,
    disagreements: wanted === undefined ? [] : members.flatMap((each) => differing(each, wanted)),
    lost: isLost ? { node: lead.node, at: lead.lostAt } : undefined,
  };
}

/** Members whose process runs and that said which role they have. */
function speakers(view: MeshView): readonly ConsensusMember[] {
  const members = [...view.agreement.members.values()];
  return members.filter(({ node, role }) => role !== undefined && isRunning(view, node));
}

function isRunning(view: MeshView, id: string): boolean {
  const node = view.nodes.get(id);
  return node !== undefined && isUp(node);
}

function leads(member: ConsensusMember): boolean {
  return member.role === "leader" || member.role === "primary";
}

function claimsOf(view: MeshView, members: readonly ConsensusMember[]): readonly LeaderClaim[] {
  const { config } = view.agreement;
  const claims = members.filter(leads).map((claimant) => {
    const { node, term = 0, since } = claimant;
    const followers = members
      .filter((each) => each.term === term && (each.node === node || each.leader === node))
      .map((each) => each.node);
    const votes = config?.voters.filter((voter) => followers.includes(voter)).length ?? 0;
    const needed = config?.quorum ?? Math.floor(members.length / 2) + 1;
    const backed = (config === undefined ? followers.length : votes) >= needed;
    return { node, term, since, followers, backed };
  });
  return claims.sort((a, b) => b.term - a.term || (a.node < b.node ? -1 : 1));
}

function stateOf(
  view: MeshView,
  members: readonly ConsensusMember[],
  claims: readonly LeaderClaim[],
): LeadershipState {
  if (consensusKind(view) === "epidemic") return "leaderless";
  if (claims.some((claim) => claim.backed)) return "led";
  if (claims.length > 0) return "contested";
  if (members.some(({ role }) => isStanding(role))) return "electing";
  return view.agreement.members.size === 0 ? "unknown" : "none";
}

function isStanding(role: ConsensusMember["role"]): boolean {
  return role === "candidate" || role === "pre-candidate" || role === "view-change";
}

function differing(member: ConsensusMember, wanted: LeaderClaim): readonly LeaderDisagreement[] {
  const { node, term, leader } = member;
  const agrees = node === wanted.node || leader === wanted.node;
  if (agrees && term === wanted.term) return [];
  return [{ node, term, leader: leads(member) ? node : leader }];
}
