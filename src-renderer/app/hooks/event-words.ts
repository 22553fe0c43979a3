import {
  Activity,
  BadgeCheck,
  CircleAlert,
  CircleHelp,
  CirclePause,
  CirclePlay,
  CirclePlus,
  CircleX,
  Handshake,
  HeartPulse,
  Link2,
  Link2Off,
  LogOut,
  type LucideIcon,
  Megaphone,
  MessageSquareWarning,
  Network,
  Route,
  ScrollText,
  ShieldAlert,
  SplitSquareHorizontal,
  Terminal,
  Undo2,
  Waves,
  Zap,
} from "lucide-react";
import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";
import type { Tone } from "../../ui/badge.tsx";
import { formatBytes, formatDuration, orUnknown } from "../../ui/format.ts";
import { cleanText } from "../../ui/text.ts";
import { agreementWords } from "./agreement-words.ts";
import { agreementLook, AGREEMENT_LOOKS } from "./agreement-looks.ts";

type Translate = (key: string, params: Readonly<Record<string, unknown>>) => string;

/** One plain sentence about an event, in the language of `t`. */
export function describeEvent(t: Translate, event: MeshEvent): string {
  return t(`events:type.${event.type}`, paramsOf(t, event));
}

/** Values as sentences take them; the rest of the event goes in as it is, cleaned. */
function paramsOf(t: Translate, event: MeshEvent): Readonly<Record<string, unknown>> {
  const params: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(event)) {
    if (key === "reason" && typeof value === "string") params[key] = reasonWords(t, value);
    else if (typeof value === "string") params[key] = cleanText(value, 200);
    else if (typeof value === "number") params[key] = value;
    else if (Array.isArray(value)) params[key] = listOf(value);
  }
  return { ...params, ...special(t, event) };
}

/** Longer than any code. */
const MAX_REASON_CODE = 64;

/** A code or a known phrase in the chosen language; what is neither stays as it came. */
export function reasonWords(t: Translate, reason: string): string {
  const defaultValue = cleanText(reason, 200);
  if (reason.length > MAX_REASON_CODE || !/^[a-z][a-z', :-]*$/.test(reason)) return defaultValue;
  const code = reason.replace(/[',:]/g, "").replaceAll(" ", "-");
  return t(`inspector:reason.${code}`, { defaultValue });
}

const MAX_LISTED = 6;

function listOf(values: readonly unknown[]): string {
  const shown = values.slice(0, MAX_LISTED).map((value) => cleanText(String(value), 64));
  return values.length > MAX_LISTED
    ? `${shown.join(", ")} +${values.length - MAX_LISTED}`
    : shown.join(", ");
}

function special(t: Translate, event: MeshEvent): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case "node.stopped":
    case "fault.cleared":
      return { context: event.reason };
    case "member.state":
      return { context: event.state };
    case "member.refuted":
      return event.incarnation === undefined ? { context: "plain" } : {};
    case "partition.mode": {
      const ended = event.lastedUs !== undefined;
      return {
        context: event.mode === "read-only" ? "readOnly" : ended ? "readWrite" : "began",
        lasted: orUnknown(event.lastedUs, formatDuration),
      };
    }
    case "links.disjoint":
      return { context: event.held ? "held" : "broken" };
    case "route.traced":
      return { context: event.ok ? "ok" : "failed", path: event.path.join(" → ") };
    case "mesh.gossip":
      return { interval: formatDuration(event.intervalMs * 1_000) };
    case "rumour.traffic":
      return { size: formatBytes(event.bytes) };
    case "fault.applied":
      return { what: describeFault(t, event.spec) };
    case "command.executed":
      return {
        context: event.ok ? "ok" : "failed",
        why: cleanText(event.error?.message ?? "", 200),
      };
    default:
      return agreementWords(t, event);
  }
}

type FaultSpec = Extract<MeshEvent, { type: "fault.applied" }>["spec"];

/** A fault in a few words: `partition A, B | C, D`. */
export function describeFault(t: Translate, spec: FaultSpec): string {
  switch (spec.kind) {
    case "partition":
      return t("events:fault.partition", { groups: spec.groups.map(listOf).join(" | ") });
    case "cut":
      return t("events:fault.cut", {
        from: listOf(spec.from),
        to: listOf(spec.to),
        arrow: spec.oneWay ? "→" : "↔",
      });
    case "conditions":
      return t("events:fault.conditions", {
        conditions: Object.entries(spec.conditions)
          .map(([name, value]) => `${t(`events:condition.${name}`, {})} ${value}`)
          .join(", "),
      });
    case "clock":
      return t("events:fault.clock", {
        node: spec.node,
        drift: spec.driftPpm,
        offset: spec.offsetMs,
      });
    case "slow":
      return t("events:fault.slow", { node: spec.node, delay: spec.delayMs });
    case "byzantine":
      return t("events:fault.byzantine", {
        node: spec.node,
        behaviours: listOf(spec.behaviours.map((name) => t(`faults:byzantine.${name}`, {}))),
      });
  }
}

export interface Look {
  readonly icon: LucideIcon;
  readonly tone: Tone;
}

const LOOKS: Readonly<Record<MeshEventType, Look>> = {
  "mesh.started": { icon: Network, tone: "accent" },
  "mesh.topology": { icon: Network, tone: "accent" },
  "mesh.gossip": { icon: Waves, tone: "accent" },
  "node.added": { icon: CirclePlus, tone: "healthy" },
  "node.updated": { icon: Activity, tone: "neutral" },
  "node.removed": { icon: LogOut, tone: "left" },
  "node.started": { icon: CirclePlay, tone: "healthy" },
  "node.stopped": { icon: CircleX, tone: "failed" },
  "node.paused": { icon: CirclePause, tone: "paused" },
  "node.resumed": { icon: CirclePlay, tone: "healthy" },
  "member.state": { icon: CircleHelp, tone: "suspect" },
  "member.refuted": { icon: Undo2, tone: "healthy" },
  "member.observed": { icon: CircleHelp, tone: "suspect" },
  "member.confirmed": { icon: CircleAlert, tone: "failed" },
  "member.joined": { icon: Handshake, tone: "healthy" },
  "member.joinFailed": { icon: Handshake, tone: "suspect" },
  "member.leaving": { icon: LogOut, tone: "left" },
  "probe.missed": { icon: HeartPulse, tone: "suspect" },
  "health.local": { icon: HeartPulse, tone: "degraded" },
  "link.up": { icon: Link2, tone: "neutral" },
  "link.down": { icon: Link2Off, tone: "neutral" },
  "link.latency": { icon: Link2, tone: "neutral" },
  "links.disjoint": { icon: Route, tone: "degraded" },
  "route.traced": { icon: Route, tone: "accent" },
  "rumour.published": { icon: Megaphone, tone: "accent" },
  "rumour.received": { icon: Megaphone, tone: "neutral" },
  "rumour.cooled": { icon: Megaphone, tone: "neutral" },
  "rumour.traffic": { icon: Megaphone, tone: "neutral" },
  "write.refused": { icon: ShieldAlert, tone: "degraded" },
  "partition.suspected": { icon: SplitSquareHorizontal, tone: "suspect" },
  "partition.mode": { icon: SplitSquareHorizontal, tone: "degraded" },
  "state.digest": { icon: BadgeCheck, tone: "neutral" },
  "fault.applied": { icon: Zap, tone: "suspect" },
  "fault.cleared": { icon: Zap, tone: "healthy" },
  "message.rejected": { icon: MessageSquareWarning, tone: "degraded" },
  "user.event": { icon: Megaphone, tone: "accent" },
  "metrics.sampled": { icon: Activity, tone: "neutral" },
  log: { icon: ScrollText, tone: "neutral" },
  "command.executed": { icon: Terminal, tone: "accent" },
  "invariant.violated": { icon: ShieldAlert, tone: "failed" },
  "disk.damaged": { icon: Zap, tone: "failed" },
  "message.meddled": { icon: Zap, tone: "suspect" },
  ...AGREEMENT_LOOKS,
};

/** Icon and tone; what an event says may be better or worse than its type. */
export function lookOf(event: MeshEvent): Look {
  const look = LOOKS[event.type];
  switch (event.type) {
    case "node.stopped":
      return event.reason === "left" ? { icon: LogOut, tone: "left" } : look;
    case "member.state":
      if (event.state === "alive") return { ...look, tone: "healthy" };
      if (event.state === "dead") return { icon: CircleAlert, tone: "failed" };
      return event.state === "left" ? { icon: LogOut, tone: "left" } : look;
    case "partition.mode":
      return event.mode === "read-write" ? { ...look, tone: "healthy" } : look;
    case "links.disjoint":
      return event.held ? { ...look, tone: "healthy" } : look;
    case "health.local":
      return event.score === 0 ? { ...look, tone: "healthy" } : look;
    case "command.executed":
      return event.ok ? look : { ...look, tone: "failed" };
    default:
      return agreementLook(event) ?? look;
  }
}

/** All nodes that an event is about, the reporting one first. */
export function nodesOf(event: MeshEvent): readonly string[] {
  const nodes: string[] = [];
  for (const key of ["member", "node", "peer", "to", "by", "from"] as const) {
    const value: unknown = Reflect.get(event, key);
    if (typeof value === "string" && !nodes.includes(value)) nodes.push(value);
  }
  return nodes;
}
