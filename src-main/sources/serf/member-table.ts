/** Turns an agent's member list, taken again and again, into what changed: events without a date. */
import type { MeshEventBody } from "#shared/contract/events.ts";
import { type MemberState, nodeIdSchema } from "#shared/contract/primitives.ts";
import { hashString } from "#main/kernel/hash.ts";
import type { SerfMember } from "./records.ts";

interface Known {
  readonly id: string;
  readonly described: Described;
  readonly status: SerfMember["Status"];
  /** The agent's own doubt, from its log; the list does not have it. */
  readonly doubtedUntil: number | undefined;
}

interface Described {
  readonly address: string;
  readonly zone?: string;
  readonly tags: Record<string, string>;
}

const SECOND_US = 1_000_000;

/**
 * How long an unanswered probe is shown as doubt, in microseconds, unless the agent says more:
 * memberlist's shortest suspicion time, 4 · max(1, log10 n) probe intervals of a second, and two
 * seconds for its verdict to get here. Refutations do not show in the doubter's log.
 */
export function doubtUs(members: number): number {
  const suspicion = 4 * Math.max(1, Math.log10(Math.max(1, members)));
  return Math.round((suspicion + 2) * SECOND_US);
}

/** Serf allows any text as a name; ours are 1 to 64 plain characters. Equal names, equal ids. */
export function nodeIdOf(name: string): string {
  if (nodeIdSchema.safeParse(name).success) return name;
  const plain = name.replaceAll(/[^A-Za-z0-9._-]/g, "-").replace(/^[^A-Za-z0-9]+/, "");
  return `${plain.slice(0, 48) || "node"}-${hashString(name).toString(16).padStart(8, "0")}`;
}

export class MemberTable {
  readonly #members = new Map<string, Known>();
  /** The agent that is asked. */
  #observer: string | undefined;

  /** The agent may be another one than before: its predecessor's verdicts go with it. */
  observedBy(name: string): readonly MeshEventBody[] {
    const before = this.#observer;
    this.#observer = name;
    if (before === undefined || before === name) return [];
    const events: MeshEventBody[] = [];
    for (const [member, known] of this.#members) {
      if (stateOf(known) !== "alive") {
        events.push(
          this.#verdict(known, "alive", { observer: before, reason: "observer-changed" }),
        );
        events.push(this.#verdict(known, stateOf(known), { observer: name, reason: "serf-list" }));
      }
      this.#members.set(member, known);
    }
    return events;
  }

  has(id: string): boolean {
    return this.nameOf(id) !== undefined;
  }

  /** What Serf calls the node. */
  nameOf(id: string): string | undefined {
    if (this.#members.get(id)?.id === id) return id;
    for (const [name, known] of this.#members) if (known.id === id) return name;
    return undefined;
  }

  statusOf(id: string): SerfMember["Status"] | undefined {
    const name = this.nameOf(id);
    return name === undefined ? undefined : this.#members.get(name)?.status;
  }

  get size(): number {
    return this.#members.size;
  }

  /** `now` in microseconds. */
  update(members: readonly SerfMember[], now: number): readonly MeshEventBody[] {
    const events: MeshEventBody[] = [];
    const listed = new Set(members.map(({ Name }) => Name));
    for (const [name, { id }] of this.#members) {
      if (listed.has(name)) continue;
      this.#members.delete(name);
      events.push({ type: "node.removed", node: id });
    }
    // The observer first: a verdict counts only from a node that is there.
    const ordered = members.toSorted(
      (one, other) => Number(this.#isObserver(other)) - Number(this.#isObserver(one)),
    );
    for (const member of ordered) events.push(...this.#seen(member, now));
    return events;
  }

  /** The agent's own probe of this member was not answered. */
  doubted(name: string, now: number): readonly MeshEventBody[] {
    const known = this.#members.get(name);
    if (known === undefined || known.status !== "alive") return [];
    const doubtedUntil = now + doubtUs(this.#members.size);
    this.#members.set(name, { ...known, doubtedUntil });
    return known.doubtedUntil === undefined ? [this.#verdict(known, "suspect", NO_ACK)] : [];
  }

  #seen(member: SerfMember, now: number): readonly MeshEventBody[] {
    const known = this.#members.get(member.Name);
    if (known === undefined) return this.#added(member);
    const described = describe(member);
    const doubtOver =
      known.doubtedUntil !== undefined && (member.Status !== "alive" || known.doubtedUntil <= now);
    const doubtedUntil = doubtOver ? undefined : known.doubtedUntil;
    const next: Known = { id: known.id, described, status: member.Status, doubtedUntil };
    this.#members.set(member.Name, next);
    if (hasLeft(known.status) && member.Status === "alive") {
      // It left and is a member anew: nothing that was known of it holds any more.
      return [{ type: "node.removed", node: known.id }, ...this.#introduce(next)];
    }
    const events: MeshEventBody[] = [];
    if (JSON.stringify(known.described) !== JSON.stringify(described)) {
      events.push({ type: "node.updated", node: known.id, ...described });
    }
    return [...events, ...this.#changed(known, next)];
  }

  #added(member: SerfMember): readonly MeshEventBody[] {
    const known: Known = {
      id: nodeIdOf(member.Name),
      described: describe(member),
      status: member.Status,
      doubtedUntil: undefined,
    };
    this.#members.set(member.Name, known);
    return this.#introduce(known);
  }

  #introduce(known: Known): readonly MeshEventBody[] {
    const node: MeshEventBody = { type: "node.added", node: known.id, ...known.described };
    const verdict = this.#verdict(known, stateOf(known), { reason: `serf-${known.status}` });
    return [node, ...leavingOf(known), verdict];
  }

  #changed(before: Known, after: Known): readonly MeshEventBody[] {
    const [previous, state] = [stateOf(before), stateOf(after)];
    const leaving = before.status === after.status ? [] : leavingOf(after);
    if (previous === state) return leaving;
    const expired = previous === "suspect" && state === "alive";
    const reason = expired ? "not-confirmed" : `serf-${after.status}`;
    return [...leaving, this.#verdict(after, state, { reason, previous })];
  }

  #verdict(
    { id: member }: Known,
    state: MemberState,
    how: { readonly reason: string; readonly previous?: MemberState; readonly observer?: string },
  ): MeshEventBody {
    const { reason, previous, observer = this.#observer ?? member } = how;
    const node = nodeIdOf(observer);
    const changed = { type: "member.state", node, member, state } as const;
    // Serf knows incarnations, but its RPC does not tell them.
    return previous === undefined ? { ...changed, reason } : { ...changed, previous, reason };
  }

  #isObserver({ Name }: SerfMember): boolean {
    return Name === this.#observer;
  }
}

const NO_ACK = { reason: "no-ack", previous: "alive" } as const;

const STATES: Readonly<Record<SerfMember["Status"], MemberState>> = {
  none: "alive",
  alive: "alive",
  leaving: "alive",
  left: "left",
  failed: "dead",
};

function stateOf({ status, doubtedUntil }: Known): MemberState {
  return status === "alive" && doubtedUntil !== undefined ? "suspect" : STATES[status];
}

function hasLeft(status: SerfMember["Status"]): boolean {
  return status === "leaving" || status === "left";
}

function leavingOf({ id, status }: Known): readonly MeshEventBody[] {
  return status === "leaving" ? [{ type: "member.leaving", node: id }] : [];
}

function describe({ Addr, Port, Tags }: SerfMember): Described {
  const entries = Object.entries(Tags ?? {})
    .map(([key, value]) => [key.slice(0, 128), value.slice(0, 512)] as const)
    .sort(([one], [other]) => (one < other ? -1 : 1));
  const tags = Object.fromEntries(entries);
  const zone = (tags["zone"] || tags["dc"])?.slice(0, 64);
  const address = formatAddress(Addr, Port);
  return zone === undefined ? { address, tags } : { address, zone, tags };
}

/** 4 or 16 bytes; an IPv4 address in 16 bytes is written as what it is. */
export function formatAddress(bytes: Uint8Array, port: number): string {
  const mapped = bytes.length === 16 && bytes.subarray(0, 10).every((byte) => byte === 0);
  const isV4 = bytes.length === 4 || (mapped && bytes[10] === 0xff && bytes[11] === 0xff);
  if (isV4) return `${bytes.subarray(-4).join(".")}:${port}`;
  if (bytes.length !== 16) return `?:${port}`;
  const groups = Array.from({ length: 8 }, (_unused, index) => {
    const [high = 0, low = 0] = bytes.subarray(index * 2);
    return (high * 256 + low).toString(16);
  });
  return `[${groups.join(":")}]:${port}`;
}
