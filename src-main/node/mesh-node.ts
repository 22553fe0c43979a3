/**
 * What a driver (the simulator, or a real process) sees of one mesh node: bytes in, bytes out,
 * timers, records for its disk, and events for whoever watches. Everything above the bytes is
 * inside the node.
 *
 * Drivers owe a node this order: effects are carried out in the order they were returned, across
 * steps too. While a record is being written, everything that the node returned after it waits.
 * So nothing ever leaves a node that knows of something not yet on its disk.
 */
import type { Inspection } from "#shared/contract/inspection.ts";
import type { MeshEventBody } from "#shared/contract/events.ts";
import type { NodeId, TimerName } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
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
  /** `name` says what the bytes are, for traces: protocol and message type, like "swim.ping". */
  | {
      readonly kind: "send";
      readonly to: NodeId;
      readonly bytes: Uint8Array;
      readonly name: string;
    }
  | { readonly kind: "timer"; readonly timer: TimerName; readonly at: Micros | null }
  | {
      readonly kind: "persist";
      readonly record: Uint8Array;
      /** In the same write, all earlier records with the same first byte go: this one replaces them. */
      readonly checkpoint: boolean;
      readonly then: readonly NodeEffect[];
    }
  | { readonly kind: "emit"; readonly event: MeshEventBody }
  /**
   * The answer to the `command` input with this id, at most one per command. A `leave` is answered
   * when it had time to spread: the driver then stops the node.
   */
  | { readonly kind: "answer"; readonly commandId: number; readonly answer: NodeAnswer };

export type SendEffect = Extract<NodeEffect, { kind: "send" }>;

export type NodeAnswer =
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface MeshNode {
  readonly id: NodeId;
  step(input: NodeInput): readonly NodeEffect[];
  /** What the node holds, for people who look into it; changes nothing. */
  inspect?(logFrom: number | undefined, logLimit: number, now: Micros): NodeInspection;
}

export type NodeInspection = Omit<Inspection, "node" | "at" | "clock">;

/** What one life of a node is created with. */
export interface NodeBoot {
  readonly id: NodeId;
  readonly zone: string | undefined;
  /** Records of its former lives, oldest first; empty with a new or wiped disk. */
  readonly disk: readonly Uint8Array[];
  /** How the disk came to be what it is: of a first life, of a former life, or emptied. */
  readonly diskOrigin: "new" | "kept" | "wiped";
  /** Counts the starts of a node of this name, over lost disks too: never the same twice. */
  readonly life: number;
  /** A stream of this life's own. */
  readonly random: Random;
  /**
   * Whether the node is part of the mesh that is complete at the start. If not, it contacts
   * `seeds` as soon as it starts; without seeds it founds a mesh of its own.
   */
  readonly formed: boolean;
  readonly seeds: readonly NodeId[];
  /** The wall clock when the node's own clock shows `now`: dates things, may be wrong or go back. */
  readonly wall: (now: Micros) => Micros;
}
