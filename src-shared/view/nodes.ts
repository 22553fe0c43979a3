/** Lifecycle and self-reports of nodes. What peers believe of them is in `beliefs.ts`. */
import type { MeshEventOf } from "../contract/events.ts";
import { beginSessionOf, endSessionOf, forgetMember } from "./agreement/lifecycle.ts";
import { loseLead, regainLead } from "./agreement/members.ts";
import {
  discountDoubtsBy,
  dropBeliefsAbout,
  dropBeliefsBy,
  isCutOff,
  raiseIncarnation,
} from "./beliefs.ts";
import { emptyNode } from "./empty.ts";
import type { Handlers } from "./handler.ts";
import { dropLinksOf, takeDownEndsOf } from "./links.ts";
import type { MeshView, NodeView } from "./model.ts";
import { settleRumours } from "./rumours.ts";
import { dropNode, patchNode, putNode } from "./store.ts";

type Described = MeshEventOf<"node.added"> | MeshEventOf<"node.updated">;

function described(node: NodeView, event: Described): NodeView {
  return {
    ...node,
    zone: event.zone ?? node.zone,
    address: event.address ?? node.address,
    tags: event.tags ?? node.tags,
    changedAt: event.at,
  };
}

function added(view: MeshView, event: Described): void {
  const known = view.nodes.get(event.node) ?? emptyNode(event.node, event.at);
  putNode(view, described(known, event));
}

function updated(view: MeshView, event: Described): void {
  const node = view.nodes.get(event.node);
  if (node !== undefined) putNode(view, described(node, event));
}

/** O(links + doubted members): its ends, its verdicts and the verdicts on it go with it. */
function removed(view: MeshView, event: MeshEventOf<"node.removed">): void {
  dropBeliefsBy(view, event.node);
  dropBeliefsAbout(view, event.node);
  dropLinksOf(view, event.node);
  forgetMember(view, event.node, event.at);
  dropNode(view, event.node);
  settleRumours(view, event.at);
}

/** What a process knew and said of itself ends with it. O(links + doubted members). */
function endSession(view: MeshView, id: string, at: number): void {
  dropBeliefsBy(view, id);
  takeDownEndsOf(view, id, at);
  endSessionOf(view, id, at);
  patchNode(view, id, {
    mode: undefined,
    modeReason: undefined,
    reachable: undefined,
    needed: undefined,
    of: undefined,
    localHealth: undefined,
    digest: undefined,
    weakPoints: [],
    receivedPerSecond: undefined,
    sentPerSecond: undefined,
  });
}

/**
 * What came before this event may belong to the new process already: a node takes up its links
 * while it starts. So the old one is forgotten here only where its end was never told.
 */
function started(view: MeshView, event: MeshEventOf<"node.started">): void {
  const before = view.nodes.get(event.node)?.process;
  if (before === "running" || before === "paused") endSession(view, event.node, event.at);
  beginSessionOf(view, event);
  patchNode(view, event.node, {
    process: "running",
    stopReason: undefined,
    incarnation: event.incarnation,
    leaving: false,
    confirmed: undefined,
    changedAt: event.at,
  });
}

function stopped(view: MeshView, event: MeshEventOf<"node.stopped">): void {
  endSession(view, event.node, event.at);
  const stopReason = event.reason;
  patchNode(view, event.node, { process: "stopped", stopReason, changedAt: event.at });
  settleRumours(view, event.at);
}

export const nodeHandlers: Handlers<
  | "node.added"
  | "node.updated"
  | "node.removed"
  | "node.started"
  | "node.stopped"
  | "node.paused"
  | "node.resumed"
  | "member.leaving"
  | "member.refuted"
  | "health.local"
  | "links.disjoint"
  | "partition.suspected"
  | "partition.mode"
  | "state.digest"
> = {
  "node.added": added,
  "node.updated": updated,
  "node.removed": removed,
  "node.started": started,
  "node.stopped": stopped,
  "node.paused": (view, event) => {
    patchNode(view, event.node, { process: "paused", changedAt: event.at });
    loseLead(view, event.node, event.at);
    settleRumours(view, event.at);
  },
  "node.resumed": (view, event) => {
    patchNode(view, event.node, { process: "running", changedAt: event.at });
    regainLead(view, event.node);
  },
  "member.leaving": (view, event) => {
    patchNode(view, event.node, { leaving: true, changedAt: event.at });
  },
  "member.refuted": (view, event) => {
    raiseIncarnation(view, event.node, event.incarnation);
    const refutations = (view.nodes.get(event.node)?.refutations ?? 0) + 1;
    patchNode(view, event.node, { refutations, changedAt: event.at });
  },
  "health.local": (view, event) => {
    patchNode(view, event.node, { localHealth: event.score, changedAt: event.at });
  },
  "links.disjoint": (view, event) => {
    patchNode(view, event.node, { weakPoints: event.weak, changedAt: event.at });
  },
  "partition.suspected": (view, event) => {
    const { node, reachable, of, at } = event;
    patchNode(view, node, { reachable, of, changedAt: at });
  },
  "partition.mode": (view, event) => {
    const { node, mode, reason, reachable, needed, of, at } = event;
    const was = isCutOff(view.nodes.get(node));
    if (was !== (mode === "read-only")) discountDoubtsBy(view, node, was ? -1 : 1);
    patchNode(view, node, { mode, modeReason: reason, reachable, needed, of, changedAt: at });
  },
  "state.digest": (view, event) => {
    const { members, rumours } = event;
    patchNode(view, event.node, { digest: { members, rumours }, changedAt: event.at });
  },
};
