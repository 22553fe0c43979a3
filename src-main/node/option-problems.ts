/** What the machines themselves have against the options that a mesh would give them. */
import {
  validateEpidemicMembers,
  validateEpidemicOptions,
} from "#main/protocols/epidemic/options.ts";
import { validateGossipOptions } from "#main/protocols/gossip/options.ts";
import { heartbeatProblems } from "#main/protocols/heartbeat/options.ts";
import { validateLinksOptions } from "#main/protocols/links/options.ts";
import { validateMemoryOptions } from "#main/protocols/memory/options.ts";
import { membershipProblems } from "#main/protocols/membership/options.ts";
import { validatePartitionOptions } from "#main/protocols/partition/options.ts";
import { validatePbftOptions } from "#main/protocols/pbft/options.ts";
import { phiProblems } from "#main/protocols/phi/options.ts";
import { validateRaftOptions } from "#main/protocols/raft/options.ts";
import { swimProblems } from "#main/protocols/swim/options.ts";
import { epidemicOptions, pbftOptions, raftOptions } from "./agreement/strategy-options.ts";
import type { ConsensusOptions, NodeOptions } from "./options.ts";

/** Each begins with the machine's name; empty when all can work with their options. */
export function optionProblems(options: NodeOptions): readonly string[] {
  return [
    ...named("membership", membershipProblems(options.membership)),
    ...named(options.detector, detectorProblems(options)),
    ...named("gossip", validateGossipOptions(options.gossip)),
    ...named("links", validateLinksOptions(options.links)),
    ...named("partition", validatePartitionOptions(options.partition)),
    ...named("consensus", consensusProblems(options.consensus)),
    ...named("memory", validateMemoryOptions(options.memory)),
  ];
}

/** Of the detector that is used: what the others would say does not matter. */
function detectorProblems({ detector, swim, heartbeat, phi }: NodeOptions): readonly string[] {
  switch (detector) {
    case "swim":
      return swimProblems(swim);
    case "heartbeat":
      return heartbeatProblems(heartbeat);
    case "phi":
      return phiProblems(phi);
  }
}

function consensusProblems(options: ConsensusOptions): readonly string[] {
  switch (options.kind) {
    case "none":
      return [];
    case "raft":
      return validateRaftOptions(raftOptions(options));
    case "pbft":
      return validatePbftOptions(pbftOptions(options), options.members.length);
    case "epidemic":
      return [
        ...validateEpidemicOptions(epidemicOptions(options)),
        ...validateEpidemicMembers(options.members),
      ];
  }
}

function named(machine: string, problems: readonly string[]): readonly string[] {
  return problems.map((problem) => `${machine}: ${problem}`);
}
