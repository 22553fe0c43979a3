/** Colours for canvases, read from the design tokens: one source for the page and what it paints. */
import type { Health } from "#shared/view/model.ts";

export interface Palette {
  readonly surface: string;
  readonly text: string;
  readonly link: string;
  readonly accent: string;
  readonly accentSoft: string;
  readonly health: Readonly<Record<Health, string>>;
  readonly healthSoft: Readonly<Record<Health, string>>;
  readonly traffic: Readonly<Record<TrafficFamily, string>>;
  readonly font: string;
}

/** Probes of any detector, gossip, and the rest: links, joining, announcements. */
export const TRAFFIC_FAMILIES = ["probes", "gossip", "overlay"] as const;
export type TrafficFamily = (typeof TRAFFIC_FAMILIES)[number];

/** `protocol`: the first part of a message kind such as "swim.ping". */
export function trafficFamily(protocol: string): TrafficFamily {
  if (protocol === "swim" || protocol === "heartbeat" || protocol === "phi") return "probes";
  return protocol === "gossip" ? "gossip" : "overlay";
}

export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  const healths = (suffix: string): Record<Health, string> => ({
    failed: token(`--failed${suffix}`),
    suspect: token(`--suspect${suffix}`),
    degraded: token(`--degraded${suffix}`),
    paused: token(`--paused${suffix}`),
    left: token(`--left${suffix}`),
    healthy: token(`--healthy${suffix}`),
    unknown: token(`--unknown${suffix}`),
  });
  return {
    surface: token("--surface"),
    text: token("--text"),
    link: token("--border-strong"),
    accent: token("--accent-text"),
    accentSoft: token("--accent-soft"),
    health: healths(""),
    healthSoft: healths("-soft"),
    traffic: {
      probes: token("--series-1"),
      gossip: token("--series-4"),
      overlay: token("--series-3"),
    },
    font: token("--font-ui"),
  };
}
