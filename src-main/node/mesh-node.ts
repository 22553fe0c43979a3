/**
 * What a driver (the simulator, or a real process) sees of one mesh node: bytes in, bytes out,
 * timers, records for its disk, and events for whoever watches. Everything above the bytes is
 * inside the node.
 */
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId, TimerName } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { NodeCommand } from "./node-command.ts";

export type NodeInput =
  | { readonly kind: "start"; readonly now: Micros }
  | {
      readonly kind: "message";
      readonly now: Micros;
      readonly from: NodeId;
      readonly bytes: Uint8Array;
    }
  | { readonly kind: "timer"; readonly now: Micros; readonly timer: TimerName }
  | { readonly kind: "command"; readonly now: Micros; readonly command: NodeCommand };

export type NodeEffect =
  | { readonly kind: "send"; readonly to: NodeId; readonly bytes: Uint8Array }
  | { readonly kind: "timer"; readonly timer: TimerName; readonly at: Micros | null }
  | { readonly kind: "persist"; readonly record: Uint8Array; readonly then: readonly NodeEffect[] }
  | { readonly kind: "emit"; readonly event: MeshEventBody }
  /** The answer to the `command` input with this id; exactly one per command that is answered. */
  | { readonly kind: "answer"; readonly commandId: number; readonly answer: NodeAnswer };

export type NodeAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface MeshNode {
  readonly id: NodeId;
  step(input: NodeInput): readonly NodeEffect[];
}

/** What a node is created with. `disk` holds the records of its former lives, oldest first. */
export interface NodeBoot {
  readonly id: NodeId;
  readonly disk: readonly Uint8Array[];
}
