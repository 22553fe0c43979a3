/**
 * A Byzantine node: the honest node goes on behind it, and it alters what leaves. It lies in
 * agreement only; as a member of the mesh it behaves, or it would be found dead and that would be all.
 */
import type { ByzantineBehaviour } from "#shared/contract/agreement-commands.ts";
import { unreachable } from "#main/kernel/assert.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Signer } from "#main/kernel/signer.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { PbftMessage } from "#main/protocols/pbft/types.ts";
import type { SendEffect } from "#main/node/mesh-node.ts";
import type { Traitor, TraitorMessage } from "../world/traitor.ts";
import type { Conspiracy } from "./conspiracy.ts";
import {
  badSignature,
  equivocate,
  hastyCommit,
  heavyLoad,
  voteForAll,
  wrongDigest,
} from "./lies.ts";
import { aggregationPacket, type Opened, openPacket, pbftPacket, raftPacket } from "./packets.ts";

/** A delayed message leaves up to so much later. */
const MAX_DELAY_MS = 2_000;
/** Own messages that are remembered to be sent again. */
const MAX_REMEMBERED = 64;
/** One message in so many is followed by an old one. */
const REPLAY_ONE_IN = 3;

export interface TraitorSetup {
  readonly behaviours: readonly ByzantineBehaviour[];
  readonly signer: Signer;
  readonly conspiracy: Conspiracy;
  readonly random: Random;
}

export class ByzantineTraitor implements Traitor {
  readonly #setup: TraitorSetup;
  readonly #remembered: TraitorMessage[] = [];

  constructor(setup: TraitorSetup) {
    this.#setup = setup;
  }

  send(effect: SendEffect, _now: Micros): readonly TraitorMessage[] {
    const { to, bytes, name } = effect;
    const honest: TraitorMessage = { to, bytes, name, delay: 0 };
    const opened = openPacket(bytes);
    if (opened === null) {
      return [honest];
    }
    let messages: readonly TraitorMessage[] = [honest];
    for (const behaviour of this.#setup.behaviours) {
      messages = messages.flatMap((message) => this.#behave(behaviour, message, opened));
    }
    return messages;
  }

  #behave(
    behaviour: ByzantineBehaviour,
    message: TraitorMessage,
    opened: Opened,
  ): readonly TraitorMessage[] {
    const { conspiracy, signer, random } = this.#setup;
    switch (behaviour) {
      case "silent":
        return [];
      case "delay":
        return [{ ...message, delay: message.delay + random.int(ms(MAX_DELAY_MS)) }];
      case "replay":
        return this.#replay(message);
      case "equivocate":
        return [alter(message, (said) => equivocate(conspiracy, signer, message.to, said))];
      case "wrong-digest":
        return [alter(message, (said) => wrongDigest(conspiracy, signer, said))];
      case "bad-signature":
        return [alter(message, badSignature)];
      case "lie-votes":
        return this.#lieAboutVotes(message, opened);
      case "lie-load":
        return opened.protocol === "aggregation"
          ? [{ ...message, bytes: aggregationPacket(heavyLoad(opened.message)) }]
          : [message];
      default:
        return unreachable(behaviour);
    }
  }

  #replay(message: TraitorMessage): readonly TraitorMessage[] {
    const { random } = this.#setup;
    const old = this.#remembered[random.int(Math.max(1, this.#remembered.length))];
    this.#remembered.push(message);
    if (this.#remembered.length > MAX_REMEMBERED) {
      this.#remembered.shift();
    }
    return old !== undefined && random.int(REPLAY_ONE_IN) === 0
      ? [message, { ...old, to: message.to }]
      : [message];
  }

  #lieAboutVotes(message: TraitorMessage, opened: Opened): readonly TraitorMessage[] {
    if (opened.protocol === "raft") {
      return [{ ...message, bytes: raftPacket(voteForAll(opened.message)) }];
    }
    if (opened.protocol !== "pbft") {
      return [message];
    }
    const { conspiracy, signer } = this.#setup;
    const hasty = hastyCommit(conspiracy, signer, opened.message);
    return hasty === null
      ? [message]
      : [message, { ...message, bytes: pbftPacket(hasty), name: "pbft.commit" }];
  }
}

/** What was already altered by another behaviour is opened anew. */
function alter(message: TraitorMessage, lie: (said: PbftMessage) => PbftMessage): TraitorMessage {
  const opened = openPacket(message.bytes);
  return opened?.protocol === "pbft"
    ? { ...message, bytes: pbftPacket(lie(opened.message)) }
    : message;
}
