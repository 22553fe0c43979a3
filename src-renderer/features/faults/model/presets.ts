/** Faults that people meet in the field, ready to apply. */
import type { FaultDraft } from "./draft.ts";
import { EMPTY_DRAFT } from "./draft.ts";

export const PRESETS = ["flaky-wifi", "wan", "split-brain", "one-way-link"] as const;
export type PresetId = (typeof PRESETS)[number];

/**
 * The draft of a preset for the picked nodes. Where a preset needs two sides and nothing is picked,
 * the first half of `all` is one of them (the smaller one, so that a majority is left).
 */
export function presetDraft(
  preset: PresetId,
  picked: readonly string[],
  all: readonly string[],
): FaultDraft {
  switch (preset) {
    case "flaky-wifi":
      return {
        ...conditions(picked),
        numbers: {
          latencyMs: "20",
          jitterMs: "80",
          lossPercent: "8",
          duplicatePercent: "1",
          reorderPercent: "5",
        },
      };
    case "wan":
      return {
        ...conditions(picked),
        numbers: { latencyMs: "60", jitterMs: "15", lossPercent: "0.1" },
      };
    case "split-brain":
      return { ...EMPTY_DRAFT, kind: "partition", targets: oneSide(picked, all) };
    case "one-way-link": {
      const [from, to] = picked.length >= 2 ? picked : all;
      return {
        ...EMPTY_DRAFT,
        kind: "cut",
        oneWay: true,
        targets: from === undefined ? [] : [from],
        others: to === undefined ? [] : [to],
      };
    }
    default:
      return preset satisfies never;
  }
}

function conditions(picked: readonly string[]): FaultDraft {
  const scope = picked.length === 0 ? "mesh" : "around";
  return { ...EMPTY_DRAFT, kind: "conditions", scope, targets: picked };
}

function oneSide(picked: readonly string[], all: readonly string[]): readonly string[] {
  const useful = picked.length > 0 && picked.length < all.length;
  return useful ? picked : all.slice(0, Math.floor(all.length / 2));
}
