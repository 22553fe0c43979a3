import { describe, expect, it } from "vitest";
import { meshOptionsSchema, type MeshOptionsInput } from "#shared/contract/mesh-options.ts";
import { nodeOptions, noticePartitionMs } from "./options.ts";

function made(input: MeshOptionsInput, size: number) {
  return nodeOptions(meshOptionsSchema.parse(input), size);
}

describe("the time until a joiner counts", () => {
  // Detector + longest suspicion (4 × max(1, log10 n) × 1 s × 6) + stable-after + 1 s of margin.
  it.each([
    ["heartbeat, 5", { nodes: 5 }, 10_000 + 24_000 + 7_000],
    ["heartbeat, 10", { nodes: 10 }, 10_000 + 24_000 + 10_000],
    ["SWIM, 100", { nodes: 100 }, 2_000 + 48_000 + 20_000],
    ["SWIM, 1,000", { nodes: 1_000 }, 2_000 + 72_000 + 30_000],
    [
      "slow SWIM, 100",
      { nodes: 100, membership: { probeIntervalMs: 5_000 } },
      10_000 + 240_000 + 20_000,
    ],
    [
      "patient heartbeats, 5",
      { nodes: 5, membership: { heartbeatTimeoutMs: 60_000, suspicionMultiplier: 2 } },
      60_000 + 12_000 + 7_000,
    ],
    [
      "a window of its own, 5",
      { nodes: 5, membership: { stableAfterMs: 90_000 } },
      10_000 + 24_000 + 90_000,
    ],
    ["phi, 5", { nodes: 5, membership: { detector: "phi" } }, 13_794 + 24_000 + 7_000],
  ] as const)("%s: exceeds the time to notice a partition", (_, input, noticed) => {
    const options = made(input, input.nodes);
    expect(noticePartitionMs(options, input.nodes)).toBe(noticed);
    expect(options.membership.agreeAfterMs).toBe(noticed + 1_000);
  });

  it("goes by the planned size when all nodes join", () => {
    const formed = made({ nodes: 20 }, 20);
    const joining = made({ nodes: 20, membership: { start: "joining" } }, 0);
    expect(joining.membership.agreeAfterMs).toBe(formed.membership.agreeAfterMs);
    const named = made({ nodes: [{ id: "A" }, { id: "B" }], membership: { start: "joining" } }, 0);
    expect(named.membership.agreeAfterMs).toBe(42_000);
  });
});
