/** The strategy that the mesh's options name, and no other, behind one shape. */
import type { ConsensusKind } from "#shared/contract/agreement-events.ts";
import { unreachable } from "#main/kernel/assert.ts";
import type { Consensus } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Signer } from "#main/kernel/signer.ts";
import type { StateMachine } from "#main/kernel/state-machine.ts";
import { type Codec, WireReader } from "#main/kernel/wire.ts";
import { epidemicCodec, epidemicRecordCodec } from "#main/protocols/epidemic/codec.ts";
import { Epidemic } from "#main/protocols/epidemic/epidemic.ts";
import { pbftCodec } from "#main/protocols/pbft/codec.ts";
import { Pbft } from "#main/protocols/pbft/pbft.ts";
import { pbftRecordCodec } from "#main/protocols/pbft/record-codec.ts";
import { raftCodec } from "#main/protocols/raft/codec.ts";
import { Raft } from "#main/protocols/raft/raft.ts";
import { raftRecordCodec } from "#main/protocols/raft/record-codec.ts";
import type { NodeBoot } from "../mesh-node.ts";
import type { ConsensusOptions } from "../options.ts";
import type { Slot } from "../outbox.ts";
import { MessageNames, type NamedMessage } from "../packet.ts";
import { CONSENSUS_RECORD } from "../slots.ts";
import { epidemicOptions, pbftOptions, raftOptions } from "./strategy-options.ts";

/** Some strategy's message: only its own machine and codec look inside. */
export type ConsensusMessage = NamedMessage;

export interface Strategy {
  readonly kind: Exclude<ConsensusKind, "none">;
  readonly machine: Consensus<ConsensusMessage, unknown>;
  readonly slot: Slot<ConsensusMessage, unknown>;
}

export interface StrategySetup {
  readonly boot: NodeBoot;
  readonly options: ConsensusOptions;
  readonly app: StateMachine;
  readonly random: Random;
  readonly signerOf: (node: NodeId) => Signer;
  /** Whom this node holds for alive, itself included. */
  readonly live: () => readonly NodeId[];
  /** Bodies of this machine's records, oldest first. */
  readonly records: readonly Uint8Array[];
  /** The node lost records that it once had written. */
  readonly amnesia: boolean;
}

export function createStrategy(setup: StrategySetup): Strategy | null {
  const { kind } = setup.options;
  switch (kind) {
    case "none":
      return null;
    case "raft":
      return wire(kind, createRaft(setup), raftCodec, raftRecordCodec);
    case "pbft":
      return wire(kind, createPbft(setup), pbftCodec, pbftRecordCodec);
    case "epidemic":
      return wire(kind, createEpidemic(setup), epidemicCodec, epidemicRecordCodec);
    default:
      return unreachable(kind);
  }
}

function createRaft({ boot, options, random, app, records, amnesia }: StrategySetup): Raft {
  return new Raft({
    self: boot.id,
    members: options.members,
    options: raftOptions(options),
    random,
    app,
    restore: records.map((record) => raftRecordCodec.decode(new WireReader(record))),
    amnesia,
  });
}

function createPbft(setup: StrategySetup): Pbft {
  const { boot, options, app, records, amnesia, signerOf } = setup;
  return new Pbft({
    self: boot.id,
    members: options.members,
    mesh: options.mesh,
    epoch: 0,
    options: pbftOptions(options),
    signer: signerOf(boot.id),
    app,
    restore: records.map((record) => pbftRecordCodec.decode(new WireReader(record))),
    life: boot.life,
    amnesia,
  });
}

function createEpidemic({ boot, options, random, app, records, live }: StrategySetup): Epidemic {
  return new Epidemic({
    self: boot.id,
    members: options.members,
    live,
    options: epidemicOptions(options),
    app,
    random,
    restore: records.map((record) => epidemicRecordCodec.decode(new WireReader(record))),
  });
}

/**
 * Forgets the types of messages and records. Sound because machine and codecs are used only
 * together: what they decode is what the machine takes, what it returns is what they encode.
 */
function wire<Message extends NamedMessage, Record>(
  kind: Strategy["kind"],
  machine: Consensus<Message, Record>,
  codec: Codec<Message>,
  records: Codec<Record>,
): Strategy {
  const slot: Slot<Message, Record> = {
    timers: `${kind}:`,
    protocol: kind,
    codec,
    names: new MessageNames(kind),
    record: { tag: CONSENSUS_RECORD, codec: records },
  };
  return { kind, machine, slot };
}
