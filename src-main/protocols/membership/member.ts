/** The words that both the messages and the machine use. */
/**
 * One observer's verdict. `unreachable` is what a single node can conclude by itself; `dead` also
 * needs a quorum of the agreed membership; `left` is the member's own wish, or an operator's.
 */
export type MemberState = "alive" | "suspect" | "unreachable" | "dead" | "left";

/** What a member says about itself. Only the member changes it, and with a new incarnation. */
export interface MemberMetadata {
  /** Where it is, at most 64 bytes; empty when the mesh has no zones. */
  readonly zone: string;
  /** How it can be reached, at most 256 bytes; empty in a simulated mesh. */
  readonly address: string;
  /** At most 32 tags; names up to 128 bytes, values up to 512. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Why a seed turns a joiner away. */
export type JoinRefusal = "read-only" | "left" | "full";
