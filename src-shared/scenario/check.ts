/** Whether a run kept its promises about the final view. The runner owns what depends on time. */
import { healthOf } from "../view/health.ts";
import type { MeshView, NodeView } from "../view/model.ts";
import { agrees } from "../view/recovery.ts";
import { hasTwoDisjointRoutes } from "../view/select/articulation.ts";
import { convergenceOf } from "../view/select/convergence.ts";
import { overlayOf } from "../view/select/overlay.ts";
import type { Bounds } from "./bounds.ts";
import type { FinalCheck, MetricName, NodeSet } from "./expectation.ts";
import { checkAgreement } from "./check-agreement.ts";
import { metricOf } from "./metric.ts";
import { describePattern } from "./pattern.ts";
import { checkBounds, first, nodesOf, type Verdict } from "./verdict.ts";

export type { Verdict } from "./verdict.ts";

/** `countOf` tells how many events of the whole run matched the pattern of an `events` check. */
export function checkFinal(view: MeshView, check: FinalCheck, countOf: () => number): Verdict {
  switch (check.kind) {
    case "nodes":
      return first(nodesOf(view, check.nodes), (id) => checkNode(view.nodes.get(id), id, check));
    case "absent":
      return first(check.absent, (id) => (view.nodes.has(id) ? `${id} is listed` : undefined));
    case "links":
      return checkLinks(view, check.links, check.of);
    case "rumour":
      return checkRumour(view, check);
    case "agreement":
      return checkFlag(check.agreement, agrees(view), "the running nodes agree");
    case "twoDisjointRoutes": {
      const held = hasTwoDisjointRoutes(overlayOf(view));
      return checkFlag(check.twoDisjointRoutes, held, "the overlay holds two disjoint routes");
    }
    case "leader":
    case "committed":
    case "logs":
    case "memory":
    case "proposal":
    case "safety":
      return checkAgreement(view, check);
    case "events":
      return checkBounds(countOf(), check, `the number of events ${describePattern(check.events)}`);
    default:
      return check satisfies never;
  }
}

export function checkMetric(view: MeshView, metric: MetricName, bounds: Bounds): Verdict {
  return checkBounds(metricOf(view, metric), bounds, metric);
}

function checkFlag(wanted: boolean, is: boolean, what: string): Verdict {
  if (wanted === is) return undefined;
  return is ? `unexpectedly, ${what}` : `it does not hold that ${what}`;
}

type NodeCheck = Extract<FinalCheck, { kind: "nodes" }>;

function checkNode(node: NodeView | undefined, id: string, wanted: NodeCheck): Verdict {
  if (node === undefined) return `${id} is not listed`;
  const is = { health: healthOf(node), process: node.process, mode: node.mode };
  for (const aspect of ["health", "process", "mode"] as const) {
    if (wanted[aspect] === undefined || wanted[aspect] === is[aspect]) continue;
    return `${aspect} of ${id} is ${is[aspect] ?? "not known"}, not ${wanted[aspect]}`;
  }
  if (wanted.incarnation === undefined) return undefined;
  return checkBounds(node.incarnation, wanted.incarnation, `the incarnation of ${id}`);
}

function checkLinks(view: MeshView, bounds: Bounds, set: NodeSet): Verdict {
  const overlay = overlayOf(view);
  return first(nodesOf(view, set), (id) =>
    checkBounds(overlay.get(id)?.length ?? 0, bounds, `the number of links of ${id}`),
  );
}

type RumourCheck = Extract<FinalCheck, { kind: "rumour" }>;

function checkRumour(view: MeshView, { rumour: wanted, topic }: RumourCheck): Verdict {
  const rumours = [...view.rumours.values()];
  const latest = rumours.findLast((rumour) => topic === undefined || rumour.topic === topic);
  if (latest === undefined) return "no such rumour was published";
  const { reached, running } = convergenceOf(view, latest);
  const what = `the number of running nodes that rumour ${latest.id} reached`;
  const bounds = wanted === "all" ? { atLeast: running } : wanted;
  return checkBounds(reached, bounds, what);
}
