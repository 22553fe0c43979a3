import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { SendEffect } from "#main/node/mesh-node.ts";

/** What leaves a node in place of a message of its own. */
export interface TraitorMessage {
  readonly to: NodeId;
  readonly bytes: Uint8Array;
  readonly name: string;
  /** How much later than the honest message it leaves. */
  readonly delay: Micros;
}

/**
 * Turns an honest node into a Byzantine one: it sits between the node and the network, and has the
 * node's own key. The node behind it goes on as if nothing had happened.
 */
export interface Traitor {
  /** Nothing, the message itself, other messages, more messages. */
  send(message: SendEffect, now: Micros): readonly TraitorMessage[];
}
