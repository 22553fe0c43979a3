/** All planted bugs, by the part of the program that they are in. */
import { CORE_MUTANTS } from "./core.ts";
import { DATA_MUTANTS } from "./data.ts";
import { GROUP_MUTANTS } from "./groups.ts";
import { MEMBER_MUTANTS } from "./members.ts";
import type { Mutant } from "./mutant.ts";
import { PBFT_MUTANTS } from "./pbft.ts";
import { RAFT_MUTANTS } from "./raft.ts";

export interface Chapter {
  readonly title: string;
  readonly mutants: readonly Mutant[];
}

export const CHAPTERS: readonly Chapter[] = [
  { title: "Raft", mutants: RAFT_MUTANTS },
  { title: "pBFT", mutants: PBFT_MUTANTS },
  { title: "Replicated data: CRDTs, Merkle trees, memory", mutants: DATA_MUTANTS },
  { title: "Decisions, aggregates, reputation", mutants: GROUP_MUTANTS },
  { title: "Membership, failure detection, partitions", mutants: MEMBER_MUTANTS },
  { title: "Kernel, node, simulator", mutants: CORE_MUTANTS },
];

export const MUTANTS: readonly Mutant[] = CHAPTERS.flatMap(({ mutants }) => mutants);
