import type { LinkConditions } from "#shared/contract/primitives.ts";
import type { FaultView } from "#shared/view/model.ts";
import { cleanText } from "../../ui/text.ts";
import type { AppServices } from "../../app/services.ts";

type Translate = AppServices["t"];

/** More names than this are counted instead. */
const MAX_NAMES = 3;

/** What a fault does, in one line of the chosen language. */
export function describeFault(t: Translate, spec: FaultView["spec"]): string {
  switch (spec.kind) {
    case "partition":
      return spec.groups.map((group) => names(t, group)).join(" | ");
    case "cut":
      return `${names(t, spec.from)} ${spec.oneWay ? "→" : "↔"} ${names(t, spec.to)}`;
    case "conditions":
      return `${describeScope(t, spec.scope)}: ${describeConditions(t, spec.conditions)}`;
    case "clock":
      return t("faults:spec.clock", {
        node: cleanText(spec.node, 64),
        drift: spec.driftPpm,
        offset: spec.offsetMs,
      });
    case "slow":
      return t("faults:spec.slow", { node: cleanText(spec.node, 64), delay: spec.delayMs });
    case "byzantine":
      return t("faults:spec.byzantine", {
        node: cleanText(spec.node, 64),
        behaviours: spec.behaviours.map((name) => t(`faults:byzantine.${name}`)).join(", "),
      });
    default:
      return spec satisfies never;
  }
}

function names(t: Translate, ids: readonly string[]): string {
  const shown = ids.slice(0, MAX_NAMES).map((id) => cleanText(id, 64));
  const more = ids.length - shown.length;
  return more > 0
    ? t("faults:spec.more", { names: shown.join(", "), count: more })
    : shown.join(", ");
}

type Scope = Extract<FaultView["spec"], { kind: "conditions" }>["scope"];

function describeScope(t: Translate, scope: Scope): string {
  if (scope.kind === "mesh") return t("faults:spec.mesh");
  if (scope.kind === "around") return names(t, scope.nodes);
  return `${names(t, scope.from)} ${scope.oneWay === true ? "→" : "↔"} ${names(t, scope.to)}`;
}

function describeConditions(t: Translate, conditions: LinkConditions): string {
  const { latencyMs, jitterMs, loss, duplicate, reorder, bandwidth } = conditions;
  const parts: string[] = [];
  const add = (key: string, value: number | undefined): void => {
    if (value !== undefined) parts.push(t(`faults:spec.${key}`, { value }));
  };
  add("latency", latencyMs);
  add("jitter", jitterMs);
  add("loss", percent(loss));
  add("duplicate", percent(duplicate));
  add("reorder", percent(reorder));
  add("bandwidth", bandwidth === undefined ? undefined : Math.round((bandwidth / 1_024) * 10) / 10);
  return parts.join(", ");
}

/** Rounded to a tenth of a percent, so that 0.07 is 7 and not 7.000000000000001. */
function percent(probability: number | undefined): number | undefined {
  return probability === undefined ? undefined : Math.round(probability * 1_000) / 10;
}
