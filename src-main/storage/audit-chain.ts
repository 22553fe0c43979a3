/**
 * The audit log is a chain: each entry's hash covers the one before it, so an entry that was
 * changed, dropped or put in later shows. It finds damage; it cannot stop someone who owns the
 * file from writing a whole new chain.
 */
import { createHash } from "node:crypto";

export const CHAIN_START = "0".repeat(64);

export interface ChainLink {
  readonly id: number;
  readonly body: string;
  readonly hash: string;
}

export interface ChainHead {
  readonly count: number;
  readonly hash: string;
}

export function linkHash(previous: string, id: number, body: string): string {
  return createHash("sha256").update(`${previous}\n${id}\n${body}`).digest("hex");
}

/** The first thing wrong with the chain, in words; `undefined` when it holds. */
export function findChainDamage(links: Iterable<ChainLink>, head: ChainHead): string | undefined {
  let previous = CHAIN_START;
  let expected = 1;
  for (const link of links) {
    if (link.id !== expected) return `audit entry ${expected} is missing`;
    if (link.hash !== linkHash(previous, link.id, link.body)) {
      return `audit entry ${link.id} was changed`;
    }
    previous = link.hash;
    expected += 1;
  }
  if (head.count !== expected - 1) {
    return `${head.count} audit entries were written, ${expected - 1} are there`;
  }
  return head.hash === previous ? undefined : "the audit log's last entry was changed";
}
