/** How many voters agreement needs, how many it has, and whether its promises still hold. */
import type { ConsensusKind } from "../../contract/agreement-events.ts";
import { nodeNames } from "../../contract/mesh-options.ts";
import type { MeshView } from "../model.ts";
import { consensusKind } from "./leadership.ts";
import { isPresent, majorityOf } from "./quorum.ts";

export interface TraitorView {
  readonly node: string;
  /** Behaviours that were ordered, and faults that were proven. */
  readonly why: readonly string[];
  readonly ordered: boolean;
  readonly proven: boolean;
}

export interface ConsensusQuorum {
  readonly protocol: ConsensusKind;
  readonly voters: readonly string[];
  /** The old half of a joint change, else empty. */
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
  readonly needed: number;
  /** Voters that run, are not cut off and are not told to be silent. */
  readonly live: readonly string[];
  /** How many more voters may go until nothing can be agreed; negative when it is so already. */
  readonly canLose: number;
  /** Byzantine voters that safety bears: f, and 0 for protocols that trust their members. */
  readonly tolerates: number;
  readonly traitors: readonly TraitorView[];
  readonly safety: "held" | "not-guaranteed";
  /** Whether the members said so; else it follows from the options of the mesh. */
  readonly told: boolean;
}

/** A configuration, whoever it comes from. */
export interface VoterSet {
  readonly voters: readonly string[];
  readonly outgoing: readonly string[];
  readonly learners: readonly string[];
  readonly quorum: number;
  readonly tolerates: number;
}

/**
 * `undefined` where the mesh has no consensus, or nothing is known of it. All voters that are told
 * to lie or were caught lying count as traitors, whatever they were told to do: a member that lies
 * once may do anything.
 */
export function consensusQuorum(view: MeshView): ConsensusQuorum | undefined {
  const protocol = consensusKind(view);
  if (protocol === undefined || protocol === "none") return undefined;
  const told = view.agreement.config;
  const set = told ?? expectedSet(view, protocol);
  return set && quorumOf(view, protocol, set, told !== undefined);
}

export function quorumOf(
  view: MeshView,
  protocol: ConsensusKind,
  set: VoterSet,
  told: boolean,
): ConsensusQuorum {
  const { voters, outgoing, learners, quorum, tolerates } = set;
  const all = new Set([...voters, ...outgoing]);
  const silent = silentNodes(view);
  const isLive = (id: string) => {
    const node = view.nodes.get(id);
    return node !== undefined && isPresent(node) && !silent.has(id);
  };
  const margin = voters.filter(isLive).length - quorum;
  const oldMargin = outgoing.filter(isLive).length - majorityOf(outgoing.length);
  const traitors = knownTraitors(view).filter(({ node }) => all.has(node));
  return {
    protocol,
    voters,
    outgoing,
    learners,
    needed: quorum,
    live: voters.filter(isLive),
    canLose: outgoing.length === 0 ? margin : Math.min(margin, oldMargin),
    tolerates,
    traitors,
    safety: traitors.length > tolerates ? "not-guaranteed" : "held",
    told,
  };
}

/** What the options of the mesh lead to, until the members say it themselves. */
function expectedSet(view: MeshView, protocol: ConsensusKind): VoterSet | undefined {
  const { options } = view.mesh;
  if (options === undefined) return undefined;
  const names = nodeNames(options.nodes);
  const { members = names.length, pbft } = options.consensus;
  const voters = typeof members === "number" ? names.slice(0, members) : members;
  const faults = protocol === "pbft" ? (pbft.faults ?? Math.floor((voters.length - 1) / 3)) : 0;
  return {
    voters,
    outgoing: [],
    learners: [],
    quorum: quorumSize(protocol, voters.length, faults),
    tolerates: faults,
  };
}

/** pBFT: any two quorums of n share more than f members, ⌈(n + f + 1) / 2⌉; else a majority. */
export function quorumSize(protocol: ConsensusKind, voters: number, faults: number): number {
  return protocol === "pbft" ? Math.ceil((voters + faults + 1) / 2) : majorityOf(voters);
}

function silentNodes(view: MeshView): ReadonlySet<string> {
  const silent = new Set<string>();
  for (const { spec } of view.faults.values()) {
    if (spec.kind === "byzantine" && spec.behaviours.includes("silent")) silent.add(spec.node);
  }
  return silent;
}

/** Whether the node is one of `knownTraitors`; cheap, for what asks of every node. */
export function isTraitor(view: MeshView, id: string): boolean {
  for (const { spec } of view.faults.values()) {
    if (spec.kind === "byzantine" && spec.node === id && spec.behaviours.length > 0) return true;
  }
  for (const { accused } of view.agreement.evidence.values()) if (accused === id) return true;
  for (const proposal of view.proposals.list.values()) {
    if (proposal.accused.includes(id)) return true;
  }
  return false;
}

/** Nodes that are told to lie now, and nodes that some member holds proof against. */
export function knownTraitors(view: MeshView): readonly TraitorView[] {
  const found = new Map<string, { why: Set<string>; ordered: boolean; proven: boolean }>();
  const of = (node: string) => {
    const known = found.get(node) ?? { why: new Set<string>(), ordered: false, proven: false };
    found.set(node, known);
    return known;
  };
  for (const { spec } of view.faults.values()) {
    if (spec.kind !== "byzantine" || spec.behaviours.length === 0) continue;
    const traitor = of(spec.node);
    traitor.ordered = true;
    for (const behaviour of spec.behaviours) traitor.why.add(behaviour);
  }
  for (const { accused, fault } of view.agreement.evidence.values()) {
    const traitor = of(accused);
    traitor.proven = true;
    traitor.why.add(fault);
  }
  for (const proposal of view.proposals.list.values()) {
    for (const accused of proposal.accused) {
      const traitor = of(accused);
      traitor.proven = true;
      traitor.why.add("two-votes");
    }
  }
  const traitors = [...found].map(([node, { why, ...rest }]) => ({ node, ...rest, why: [...why] }));
  return traitors.sort((a, b) => (a.node < b.node ? -1 : 1));
}
