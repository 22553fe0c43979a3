import { connectivityPercent } from "../view/select/connectivity.ts";
import { convergenceOf } from "../view/select/convergence.ts";
import type { MeshView, MetricsWindow, RumourView } from "../view/model.ts";
import type { MetricName } from "./expectation.ts";

/** Value of a metric as the view has it; `undefined` when it is not known. */
export function metricOf(view: MeshView, metric: MetricName): number | undefined {
  const { windows } = view.metrics;
  switch (metric) {
    case "connectivity":
      return connectivityPercent(view);
    case "latencyMs":
      return meanLatencyMs(windows);
    case "messagesPerNodePerSecond":
      return perNodePerSecond(view, (window) => window.sent);
    case "bytesPerNodePerSecond":
      return perNodePerSecond(view, (window) => window.bytes);
    case "droppedShare":
      return ratio(sum(windows, "dropped"), sum(windows, "sent"));
    case "recoverySeconds":
      return seconds(view.recovery.history.at(-1)?.tookUs);
    case "rumourMessagesPerNode":
      return ofLatest(view, (rumour) => ratio(rumour.messages, view.counts.running));
    case "rumourRounds":
      return ofLatest(view, (rumour) =>
        rumour.convergedAt === undefined ? undefined : convergenceOf(view, rumour).rounds,
      );
    default:
      return metric satisfies never;
  }
}

function sum(windows: readonly MetricsWindow[], field: "sent" | "dropped" | "windowUs"): number {
  return windows.reduce((total, window) => total + window[field], 0);
}

function ratio(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : part / whole;
}

function seconds(micros: number | undefined): number | undefined {
  return micros === undefined ? undefined : micros / 1e6;
}

/** Over the kept windows, weighted by what each delivered. */
function meanLatencyMs(windows: readonly MetricsWindow[]): number | undefined {
  const known = windows.filter((window) => window.latencyMs !== undefined);
  const delivered = known.reduce((total, window) => total + window.delivered, 0);
  const weighted = known.reduce(
    (total, window) => total + (window.latencyMs ?? 0) * window.delivered,
    0,
  );
  return ratio(weighted, delivered);
}

function perNodePerSecond(
  view: MeshView,
  pick: (window: MetricsWindow) => number,
): number | undefined {
  const { windows } = view.metrics;
  const total = windows.reduce((sum, window) => sum + pick(window), 0);
  const nodeSeconds = (sum(windows, "windowUs") / 1e6) * view.counts.running;
  return ratio(total, nodeSeconds);
}

function ofLatest(
  view: MeshView,
  pick: (rumour: RumourView) => number | undefined,
): number | undefined {
  const latest = [...view.rumours.values()].at(-1);
  return latest === undefined ? undefined : pick(latest);
}
