import { describe, expect, it } from "vitest";
import { emptyNode } from "./empty.ts";
import { healthOf } from "./health.ts";
import type { Health, NodeView } from "./model.ts";

const node = (change: Partial<NodeView>): NodeView => ({ ...emptyNode("A", 0), ...change });
const running = (change: Partial<NodeView> = {}) => node({ process: "running", ...change });

describe("healthOf", () => {
  it.each<[string, NodeView, Health]>([
    ["nothing known", node({}), "unknown"],
    ["an attached engine vouches for it", node({ judged: true }), "healthy"],
    ["it runs", running(), "healthy"],
    ["it was killed", node({ process: "stopped", stopReason: "killed" }), "failed"],
    ["it failed", node({ process: "stopped", stopReason: "failed" }), "failed"],
    ["it left", node({ process: "stopped", stopReason: "left", deadBy: 1 }), "left"],
    ["an engine says it left", node({ leftBy: 1, judged: true }), "left"],
    ["one observer has a certificate of its death", running({ deadBy: 1 }), "failed"],
    ["one observer suspects it", running({ suspectedBy: 1 }), "suspect"],
    ["one observer cannot reach it", running({ unreachableBy: 1 }), "suspect"],
    ["it is read-only", running({ mode: "read-only" }), "degraded"],
    ["it doubts itself", running({ localHealth: 1 }), "degraded"],
    ["its local health is 0", running({ localHealth: 0 }), "healthy"],
    ["it is paused", node({ process: "paused" }), "paused"],
    ["it is paused and suspected", node({ process: "paused", suspectedBy: 2 }), "suspect"],
    ["it is cut off and held dead", running({ deadBy: 6, mode: "read-only" }), "degraded"],
    ["it was killed while cut off", node({ process: "stopped", mode: "read-only" }), "failed"],
    [
      "only nodes that are cut off doubt it",
      running({ unreachableBy: 3, cutOffDoubts: 3 }),
      "healthy",
    ],
    [
      "one more doubts it",
      running({ unreachableBy: 3, suspectedBy: 1, cutOffDoubts: 3 }),
      "suspect",
    ],
    ["it is suspected and held dead", running({ suspectedBy: 8, deadBy: 1 }), "failed"],
  ])("%s", (_, subject, health) => {
    expect(healthOf(subject)).toBe(health);
  });
});
