/** The partition machine's events in the words of the console's event stream. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { MICROS_PER_SECOND } from "#main/kernel/time.ts";
import type { PartitionEvent } from "#main/protocols/partition/types.ts";
import { logLine } from "./log.ts";

export function partitionEvents(self: NodeId, event: PartitionEvent): readonly MeshEventBody[] {
  const { reachable, needed, of } = event;
  const counts = `${reachable} of ${of} reachable, ${needed} needed`;
  switch (event.kind) {
    case "suspected":
      return [
        { type: "partition.suspected", node: self, reachable, of },
        logLine(self, "warn", "partition", `partition suspected: ${counts}`),
      ];
    case "cleared":
      return [logLine(self, "info", "partition", `majority back in time: ${counts}`)];
    case "mode":
      return [
        {
          type: "partition.mode",
          node: self,
          mode: event.mode,
          reachable,
          needed,
          of,
          reason: event.reason,
          ...(event.lastedUs === null ? {} : { lastedUs: event.lastedUs }),
        },
        logLine(
          self,
          event.mode === "read-only" ? "error" : "info",
          "partition",
          `${event.mode}: ${counts} (${event.reason})`,
        ),
      ];
    case "healed": {
      const took = (event.tookUs / MICROS_PER_SECOND).toFixed(1);
      return [logLine(self, "info", "partition", `healed, writable again after ${took} s`)];
    }
  }
}
