/**
 * What every screen, metric, test and tool reads: the state of a mesh as far as its events tell.
 * Containers (maps, arrays) are changed in place by the fold; the entities in them are replaced,
 * never changed, so an entity that is the same object has not changed. Unknown is `undefined`.
 */
import type { GossipMode, MemberState, TopologyKind } from "../contract/primitives.ts";
import type { MeshEvent, MeshEventOf } from "../contract/events.ts";
import type { MeshOptions } from "../contract/mesh-options.ts";
import type { AgreementView } from "./agreement-model.ts";
import type { StateSlices } from "./state-model.ts";

export interface MeshView extends StateSlices {
  /** The last event that was folded in. */
  seq: number;
  at: number;
  mesh: MeshInfo;
  readonly nodes: Map<string, NodeView>;
  /** By `linkKey(a, b)`. */
  readonly links: Map<string, LinkView>;
  /**
   * Deviating beliefs only: member → observer → belief. An observer that is missing holds the
   * member for alive. Settled members have no entry.
   */
  readonly beliefs: Map<string, Map<string, Belief>>;
  readonly rumours: Map<string, RumourView>;
  readonly faults: Map<string, FaultView>;
  readonly metrics: MetricsView;
  /** Newest last; bounded by `MAX_LOG_LINES`; `dropped` counts what fell out or was skipped. */
  readonly logs: LogsView;
  /** Noteworthy events (all but logs, metrics, latencies), newest last, bounded. */
  readonly timeline: TimelineView;
  recovery: RecoveryView;
  /** The first `MAX_VIOLATIONS`: the earliest ones explain the rest. */
  readonly violations: Violation[];
  readonly agreement: AgreementView;
  /** Kept by the fold so that questions about the whole mesh need no walk over it. */
  counts: ViewCounts;
}

export interface ViewCounts {
  /** Nodes whose process runs (not paused, not unknown). */
  readonly running: number;
  /** Running nodes that reported read-only mode. */
  readonly readOnly: number;
  /** Running nodes that some observer holds for anything but alive. */
  readonly doubted: number;
  /** Entries in all `RumourView.reached` together. */
  readonly arrivals: number;
}

export interface MeshInfo {
  readonly name: string;
  readonly source: "simulated" | "remote" | "serf" | "recording" | undefined;
  readonly options: MeshOptions | undefined;
  readonly topology: TopologyKind | undefined;
  readonly gossip:
    | { readonly mode: GossipMode; readonly fanout: number; readonly intervalMs: number }
    | undefined;
}

/** The process as its host knows it, not what peers believe. */
export type ProcessState = "unknown" | "running" | "paused" | "stopped";

/** What the console shows of a node: worst truth wins. See `healthOf`. */
export type Health = "failed" | "suspect" | "degraded" | "paused" | "left" | "healthy" | "unknown";

export interface NodeView {
  readonly id: string;
  readonly zone: string | undefined;
  readonly address: string | undefined;
  readonly tags: Readonly<Record<string, string>> | undefined;
  readonly process: ProcessState;
  readonly stopReason: "killed" | "left" | "failed" | undefined;
  readonly incarnation: number | undefined;
  readonly leaving: boolean;
  /** Read-only mode as this node reported it. */
  readonly mode: "read-write" | "read-only" | undefined;
  readonly modeReason: string | undefined;
  readonly reachable: number | undefined;
  readonly needed: number | undefined;
  readonly of: number | undefined;
  /** How many observers hold this node for suspect, unreachable, dead, left. */
  readonly suspectedBy: number;
  readonly unreachableBy: number;
  readonly deadBy: number;
  readonly leftBy: number;
  /** Size of the quorum certificate, once there is one for this incarnation. */
  readonly confirmed:
    | { readonly observers: readonly string[]; readonly needed: number; readonly of: number }
    | undefined;
  readonly localHealth: number | undefined;
  readonly degree: number;
  readonly digest: { readonly members: string; readonly rumours: string } | undefined;
  readonly weakPoints: readonly string[];
  /** Messages of the last metrics window, per second; unknown when never sampled. */
  readonly receivedPerSecond: number | undefined;
  readonly sentPerSecond: number | undefined;
  readonly refutations: number;
  /**
   * How many of the suspecting and unreaching observers are read-only themselves: cut off from
   * the majority, they doubt everybody on the other side, and their doubt counts for little.
   */
  readonly cutOffDoubts: number;
  /** Whether any observer ever gave a verdict on this node. */
  readonly judged: boolean;
  /** Mesh time of the last event that concerned this node. */
  readonly changedAt: number;
}

export interface Belief {
  readonly state: MemberState;
  readonly incarnation: number | undefined;
  readonly reason: string;
  readonly since: number;
}

export interface LinkView {
  readonly key: string;
  readonly a: string;
  readonly b: string;
  /** Which ends say the link is up; both for a healthy one. */
  readonly aUp: boolean;
  readonly bUp: boolean;
  readonly reason: string;
  readonly rttMs: number | undefined;
  readonly since: number;
}

export interface RumourView {
  readonly id: string;
  readonly origin: string;
  readonly topic: string;
  readonly payload: string;
  readonly bytes: number;
  readonly urgent: boolean;
  readonly publishedAt: number;
  /** Node → when and how it got there; the origin is included. A container: grows in place. */
  readonly reached: ReadonlyMap<string, RumourArrival>;
  readonly cooled: number;
  /** Sums over all nodes so far. */
  readonly messages: number;
  readonly trafficBytes: number;
  /** When the last running node had it, if all have. */
  readonly convergedAt: number | undefined;
}

export interface RumourArrival {
  readonly at: number;
  readonly from: string | undefined;
  readonly via: string;
  readonly hops: number;
}

export interface FaultView {
  readonly id: string;
  readonly spec: MeshEventOf<"fault.applied">["spec"];
  readonly since: number;
  readonly until: number | undefined;
}

export interface MetricsView {
  /** Newest last; at most `MAX_METRIC_WINDOWS`. */
  readonly windows: MetricsWindow[];
}

export interface MetricsWindow {
  readonly at: number;
  readonly windowUs: number;
  readonly sent: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly bytes: number;
  readonly latencyMs: number | undefined;
}

export interface LogLine {
  readonly seq: number;
  readonly at: number;
  readonly node: string | undefined;
  readonly level: "debug" | "info" | "warn" | "error";
  readonly topic: string;
  readonly text: string;
}

export interface LogsView {
  readonly lines: LogLine[];
  dropped: number;
}

export interface TimelineView {
  readonly entries: MeshEvent[];
  dropped: number;
}

/** Measured from the moment faults ended to the moment all running nodes agree again. */
export interface RecoveryView {
  readonly brokenAt: number | undefined;
  readonly healedAt: number | undefined;
  readonly recoveredAt: number | undefined;
  /** Past recoveries, newest last, bounded. */
  readonly history: readonly { readonly healedAt: number; readonly tookUs: number }[];
}

export interface Violation {
  readonly seq: number;
  readonly at: number;
  readonly invariant: string;
  readonly message: string;
  readonly nodes: readonly string[];
}

export const MAX_LOG_LINES = 5_000;
export const MAX_TIMELINE_ENTRIES = 5_000;
export const MAX_METRIC_WINDOWS = 600;
export const MAX_VIOLATIONS = 1_000;
export const MAX_RECOVERIES = 100;
/** The oldest rumours are forgotten first. */
export const MAX_RUMOURS = 200;
export const MAX_ARRIVALS = 100_000;

/** One key for both directions; ids are ordered by code unit. */
export function linkKey(a: string, b: string): string {
  return a < b ? `${a}~${b}` : `${b}~${a}`;
}
