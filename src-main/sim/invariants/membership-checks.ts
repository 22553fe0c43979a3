/** Promises of membership, seen from above: what no node alone can check. */
import type { MeshEvent, MeshEventOf } from "#shared/contract/events.ts";
import { type Micros, MICROS_PER_SECOND } from "#main/kernel/time.ts";
import type { Checker, Facts, Report } from "./checker.ts";

/** How long a mesh must have been left in peace before a verdict on a live node is a false one. */
export const SETTLE_US: Micros = 120 * MICROS_PER_SECOND;

/** One incarnation of one member as a key. */
function lifeOf(member: string, incarnation: number): string {
  return `${member}#${incarnation}`;
}

/**
 * No member is dead at two or more nodes without a quorum certificate of that incarnation. One
 * node may be ahead: it emits its verdict before the certificate that it is made of.
 */
export class DeadNeedsCertificate implements Checker {
  readonly #certified = new Set<string>();
  /** Observers that hold a life for dead without a certificate that was seen. */
  readonly #claims = new Map<string, Set<string>>();

  observe(event: MeshEvent, _facts: Facts, report: Report): void {
    if (event.type === "member.confirmed") {
      this.#certificate(event, report);
      return;
    }
    if (event.type !== "member.state" || event.state !== "dead") {
      return;
    }
    if (event.incarnation === undefined) {
      return;
    }
    const life = lifeOf(event.member, event.incarnation);
    if (this.#certified.has(life)) {
      return;
    }
    const observers = this.#claims.get(life) ?? new Set();
    observers.add(event.node);
    this.#claims.set(life, observers);
    if (observers.size >= 2) {
      const who = [...observers].join(", ");
      const message = `${event.member} (incarnation ${event.incarnation}) is dead at ${who} without a quorum`;
      report({ invariant: "dead-needs-quorum", message, nodes: [event.member, ...observers] });
    }
  }

  #certificate(event: MeshEventOf<"member.confirmed">, report: Report): void {
    const observers = new Set(event.observers);
    const majority = Math.floor(event.of / 2) + 1;
    observers.delete(event.member);
    if (observers.size < event.needed || event.needed < majority) {
      const message =
        `${event.node} confirmed the death of ${event.member} with ${observers.size} observers ` +
        `of ${event.of}; ${majority} are a majority`;
      report({ invariant: "certificate-is-quorum", message, nodes: [event.node, event.member] });
      return;
    }
    const life = lifeOf(event.member, event.incarnation);
    this.#certified.add(life);
    this.#claims.delete(life);
  }
}

/** No node that runs, is connected and was left in peace is declared dead. */
export class NoFalseDeath implements Checker {
  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (event.type !== "member.state" || event.state !== "dead") {
      return;
    }
    const since = facts.runningSince(event.member);
    const settled = since !== undefined && facts.now - since >= SETTLE_US;
    if (settled && facts.calmFor() >= SETTLE_US) {
      const message = `${event.node} declared ${event.member} dead, which runs and can be reached`;
      report({ invariant: "no-false-death", message, nodes: [event.node, event.member] });
    }
  }
}

/** What an observer knows of a member's incarnation never goes back while the observer lives. */
export class IncarnationMonotone implements Checker {
  readonly #known = new Map<string, Map<string, number>>();

  observe(event: MeshEvent, _facts: Facts, report: Report): void {
    switch (event.type) {
      case "node.stopped":
        this.#known.delete(event.node);
        break;
      case "node.added":
      case "node.removed":
        this.#forget(event.node);
        break;
      case "command.executed":
        if (event.command === "member.forget") {
          this.#known.clear();
        }
        break;
      case "member.state":
        this.#observe(event, report);
        break;
      default:
    }
  }

  #observe(event: MeshEventOf<"member.state">, report: Report): void {
    const { node, member, incarnation } = event;
    if (incarnation === undefined) {
      return;
    }
    const members = this.#known.get(node) ?? new Map<string, number>();
    this.#known.set(node, members);
    const before = members.get(member) ?? 0;
    if (incarnation < before) {
      const message = `${node} knew incarnation ${before} of ${member} and went back to ${incarnation}`;
      report({ invariant: "incarnation-monotone", message, nodes: [node, member] });
    }
    members.set(member, Math.max(before, incarnation));
  }

  #forget(member: string): void {
    this.#known.delete(member);
    for (const members of this.#known.values()) {
      members.delete(member);
    }
  }
}
