/**
 * The machines of one node and who hears of what: membership tells detector, links and partition
 * about members; the detector tells membership about silence; the partition machine tells gossip
 * and membership whether they may write.
 */
import { assert } from "#main/kernel/assert.ts";
import type { DetectorInput } from "#main/kernel/detector.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { WireReader } from "#main/kernel/wire.ts";
import { Gossip } from "#main/protocols/gossip/gossip.ts";
import type { GossipEvent, GossipInput } from "#main/protocols/gossip/types.ts";
import { Links } from "#main/protocols/links/links.ts";
import type { LinksEvent, LinksInput } from "#main/protocols/links/types.ts";
import { Membership } from "#main/protocols/membership/membership.ts";
import type {
  MemberState,
  MembershipEffect,
  MembershipEvent,
  MembershipInput,
} from "#main/protocols/membership/types.ts";
import { Partition } from "#main/protocols/partition/partition.ts";
import type { PartitionEvent, PartitionInput } from "#main/protocols/partition/types.ts";
import { type Blueprint, metadata } from "./blueprint.ts";
import {
  createDetector,
  type DetectorEvent,
  type DetectorMessage,
  type DetectorSlot,
} from "./detector.ts";
import type { NodeBoot } from "./mesh-node.ts";
import { Outbox } from "./outbox.ts";
import { agreedAtBoot, restoreNode } from "./restore.ts";
import { RumourReports } from "./rumour-reports.ts";
import { GOSSIP_SLOT, LINKS_SLOT, MEMBERSHIP_SLOT, PARTITION_SLOT } from "./slots.ts";
import { Services } from "./services.ts";
import { splitTimer } from "./timer-names.ts";
import { gossipEvents, refusalCode, refusalMessage } from "./translate/gossip.ts";
import { linksEvents } from "./translate/links.ts";
import { logLine } from "./translate/log.ts";
import { detectorEvents, membershipEvents } from "./translate/membership.ts";
import { partitionEvents } from "./translate/partition.ts";

/** How soon after a change the digests are told; further changes until then are told with it. */
const DIGEST_DELAY_MS = 1_000;
const DIGEST_TIMER = "node:digest";

type DetectorStep = DetectorInput<DetectorMessage>;

export class Machines {
  readonly detectorSlot: DetectorSlot;
  readonly outbox: Outbox;
  readonly services: Services;
  readonly #boot: NodeBoot;
  readonly #blueprint: Blueprint;
  readonly #membership: Membership;
  readonly #gossip: Gossip;
  readonly #links: Links;
  readonly #partition: Partition;
  readonly #reports = new RumourReports();
  readonly #disk: "new" | "kept" | "wiped" | "damaged";
  /**
   * A restarted node that remembers whom it belonged to waits for an answer of theirs before it
   * counts itself: back in a healthy mesh it may then write at once. Without an answer it counts
   * itself alone among them all.
   */
  #awaitsAnswer: boolean;
  #running = false;
  /** Members whose verdict changed in the step under way; the partition machine hears last. */
  readonly #judged = new Set<NodeId>();
  #leaveCommand: number | null = null;
  #digestTimerSet = false;
  /** Of gossip's latest input: whom it draws from depends on what is thought of them then. */
  #now: Micros = 0;

  constructor(boot: NodeBoot, blueprint: Blueprint) {
    const { options, formed } = blueprint;
    const { random } = boot;
    const restored = restoreNode(boot.disk);
    this.#boot = boot;
    this.#blueprint = blueprint;
    this.#awaitsAnswer = !boot.formed && boot.seeds.length > 0;
    this.#disk = restored.discarded > 0 ? "damaged" : boot.diskOrigin;
    const others = blueprint.members.filter((member) => member.id !== boot.id);
    this.#membership = new Membership(
      {
        self: boot.id,
        metadata: metadata(boot.zone),
        record: restored.membership,
        members: boot.formed ? others : [],
      },
      options.membership,
      random.fork("membership"),
    );
    this.detectorSlot = createDetector(boot.id, options, random.fork("detector"));
    this.#gossip = new Gossip({
      self: boot.id,
      options: options.gossip,
      random: random.fork("gossip"),
      peers: () => this.services.trusted(this.#membership.live, this.#now),
      restore: restored.gossip,
    });
    this.#links = new Links({
      self: boot.id,
      zone: boot.zone ?? "",
      options: options.links,
      random: random.fork("links"),
      shared: blueprint.shared,
      formed: boot.formed ? formed : null,
    });
    this.#partition = new Partition({
      self: boot.id,
      options: options.partition,
      agreed: boot.formed ? blueprint.agreed : agreedAtBoot(boot, restored),
    });
    this.outbox = new Outbox(this.#membership);
    this.services = new Services({
      boot,
      blueprint,
      restored,
      outbox: this.outbox,
      live: () => [boot.id, ...this.#membership.live],
      members: () => agreedMembers(this.#membership),
      isKnown: (node) => this.#membership.member(node) !== undefined,
    });
  }

  /** The first claim is on disk: from now on the node hears and speaks. */
  get running(): boolean {
    return this.#running;
  }

  /** Everything but membership waits until the node may claim its incarnation. */
  start(now: Micros): void {
    this.membership({ kind: "start", now });
  }

  #startOthers(now: Micros): void {
    const start = { kind: "start", now } as const;
    if (this.#boot.formed) {
      for (const { id: member } of this.#blueprint.members) {
        if (member !== this.#boot.id) {
          this.detector({ kind: "watch", now, member, usable: true });
        }
      }
    }
    this.detector(start);
    this.#tellRemembered(now);
    this.#partitionStep(start);
    // Before the first mode is told: a machine that does not run yet would not hear of it.
    this.services.start(now);
    this.#tellFirstMode(now);
    this.gossip(start);
    this.links(start);
    this.#digestChanged(now);
  }

  /** Members known from the disk alone: nothing was heard of them that would tell the others. */
  #tellRemembered(now: Micros): void {
    if (this.#boot.formed) {
      return;
    }
    for (const { id, state } of this.#membership.members()) {
      if (id !== this.#boot.id) {
        this.#memberChanged(id, state, now);
      }
    }
    this.#judged.add(this.#boot.id);
    this.#tellPartition(now);
  }

  fire(name: string, now: Micros): void {
    if (name === DIGEST_TIMER) {
      return this.#tellDigest();
    }
    const { prefix, timer } = splitTimer(name);
    const input = { kind: "timer", now, timer } as const;
    switch (prefix) {
      case MEMBERSHIP_SLOT.timers:
        return this.membership(input);
      case GOSSIP_SLOT.timers:
        return this.gossip(input);
      case LINKS_SLOT.timers:
        return this.links(input);
      case PARTITION_SLOT.timers:
        return this.#partitionStep(input);
      case this.detectorSlot.slot.timers:
        return this.detector(input);
      default:
        assert(this.services.fire(prefix, timer, name, now), `a timer of no machine: ${name}`);
    }
  }

  membership(input: MembershipInput): void {
    this.#absorbMembership(this.#membership.step(input), input.now);
  }

  /** Membership's updates behind a message of another protocol; they come to the packet's end. */
  updates(from: NodeId, reader: WireReader, now: Micros): void {
    this.#absorbMembership(this.#membership.receiveUpdates(from, reader, now), now);
  }

  detector(input: DetectorStep): void {
    const { machine, slot } = this.detectorSlot;
    this.outbox.absorb(slot, machine.step(input), input.now, this.#onDetector);
  }

  gossip(input: GossipInput): void {
    this.#now = input.now;
    this.outbox.absorb(GOSSIP_SLOT, this.#gossip.step(input), input.now, this.#onGossip);
  }

  links(input: LinksInput): void {
    this.outbox.absorb(LINKS_SLOT, this.#links.step(input), input.now, this.#onLinks);
  }

  leave(commandId: number, now: Micros): void {
    this.#leaveCommand = commandId;
    this.links({ kind: "leave", now });
    this.membership({ kind: "leave", now });
  }

  forget(commandId: number, member: NodeId, now: Micros): void {
    const effects = this.#membership.step({ kind: "forget", now, member });
    this.#absorbMembership(effects, now);
    for (const effect of effects) {
      if (effect.kind === "emit" && effect.event.kind === "forget-refused") {
        const { reason } = effect.event;
        const code = reason === "read-only" ? "read-only" : "invalid-state";
        const message = `${this.#boot.id} will not forget ${member}: ${reason}`;
        return this.outbox.answer(commandId, { ok: false, code, message });
      }
    }
    this.outbox.answer(commandId, { ok: true });
  }

  #absorbMembership(effects: readonly MembershipEffect[], now: Micros): void {
    this.outbox.absorb(MEMBERSHIP_SLOT, effects, now, this.#onMembership);
    this.#tellPartition(now);
  }

  #partitionStep(input: PartitionInput): void {
    this.outbox.absorb(PARTITION_SLOT, this.#partition.step(input), input.now, this.#onPartition);
  }

  readonly #onMembership = (event: MembershipEvent, now: Micros): void => {
    if (event.kind === "incarnation") {
      this.#runAs(event.incarnation, now);
    }
    this.outbox.emitAll(membershipEvents(this.#boot.id, event));
    switch (event.kind) {
      case "state":
        this.#memberChanged(event.member, event.state, now);
        break;
      case "removed":
        this.#memberChanged(event.member, "left", now);
        this.services.membersChanged(now);
        break;
      case "agreed":
        this.#judged.add(event.member);
        this.services.membersChanged(now);
        break;
      case "joined":
      case "join-failed":
        this.#awaitsAnswer = false;
        this.#judged.add(this.#boot.id);
        break;
      case "metadata":
        this.#tellLinks(event.member, now);
        break;
      case "refuted":
        this.detector({ kind: "refuted", now });
        break;
      case "left":
        this.#answerLeave();
        break;
      default:
        break;
    }
  };

  #runAs(incarnation: number, now: Micros): void {
    const first = !this.#running;
    this.#running = true;
    if (first) {
      this.#tellStarted(incarnation);
    }
    // Before it starts: not even its first message may claim an older incarnation.
    this.detector({ kind: "self", now, incarnation });
    if (first) {
      this.#startOthers(now);
    }
    this.links({ kind: "incarnation", now, incarnation });
    this.#digestChanged(now);
  }

  #tellStarted(incarnation: number): void {
    const node = this.#boot.id;
    const disk = this.#disk;
    this.outbox.emit({ type: "node.started", node, incarnation, disk });
    const text = `started with incarnation ${incarnation}, disk ${disk}`;
    this.outbox.emit(logLine(node, disk === "damaged" ? "warn" : "info", "node", text));
  }

  #memberChanged(member: NodeId, state: MemberState, now: Micros): void {
    this.#digestChanged(now);
    if (member !== this.#boot.id) {
      if (state === "dead" || state === "left") {
        this.detector({ kind: "unwatch", now, member });
      } else {
        this.detector({ kind: "watch", now, member, usable: state !== "unreachable" });
      }
      this.#tellLinks(member, now);
    }
    this.#judged.add(member);
  }

  #tellLinks(member: NodeId, now: Micros): void {
    const view = this.#membership.member(member);
    const state = view?.state ?? "left";
    const zone = view?.metadata.zone ?? "";
    this.links({ kind: "member", now, member, state, zone });
  }

  /**
   * A message may carry news about many members. The partition machine hears of all of them before
   * it hears that this node itself counts: it must never judge over half of a membership.
   */
  #tellPartition(now: Micros): void {
    if (this.#judged.size === 0) {
      return;
    }
    const judged = [...this.#judged];
    this.#judged.clear();
    const self = this.#boot.id;
    judged.sort((a, b) => Number(a === self) - Number(b === self));
    for (const member of judged) {
      const view = this.#membership.member(member);
      const counted = member !== self || !this.#awaitsAnswer;
      const agreed = counted && view?.agreed === true;
      const reachable = view?.state === "alive" || view?.state === "suspect";
      this.#partitionStep({ kind: "member", now, member, agreed, reachable });
    }
  }

  readonly #onDetector = (event: DetectorEvent, now: Micros): void => {
    this.outbox.emitAll(detectorEvents(this.#boot.id, event));
    if (event.kind === "suspect") {
      this.services.missed(event.member, now);
      this.membership({ kind: "report", now, member: event.member, reason: event.reason });
    } else if (event.kind === "answered") {
      const { member, incarnation } = event;
      this.membership({ kind: "answered", now, member, incarnation });
    }
  };

  readonly #onGossip = (event: GossipEvent, now: Micros): void => {
    const self = this.#boot.id;
    this.outbox.emitAll(gossipEvents(self, event));
    switch (event.kind) {
      case "published":
        this.outbox.answer(event.request, { ok: true });
        this.#reports.watch(event.rumour.id);
        this.#digestChanged(now);
        break;
      case "refused": {
        const message = refusalMessage(self, event.code);
        this.outbox.answer(event.request, { ok: false, code: refusalCode(event.code), message });
        break;
      }
      case "received":
        this.#reports.watch(event.rumour.id);
        this.#digestChanged(now);
        break;
      case "round":
        this.outbox.emitAll(this.#reports.report(self, (id) => this.#gossip.traffic(id)));
        break;
      case "cooled":
        break;
    }
  };

  readonly #onLinks = (event: LinksEvent): void => {
    this.outbox.emitAll(linksEvents(this.#boot.id, event));
    if (event.kind === "traced") {
      this.outbox.answer(event.request, { ok: true });
    }
  };

  /** A joiner's machine speaks of its mode by itself; a formed member begins with the majority. */
  #tellFirstMode(now: Micros): void {
    if (this.#partition.mode === "read-only") {
      return this.#setWritable(false, now);
    }
    const { counts } = this.#partition;
    const reason = "formed";
    this.outbox.emit({
      type: "partition.mode",
      node: this.#boot.id,
      mode: "read-write",
      ...counts,
      reason,
    });
  }

  readonly #onPartition = (event: PartitionEvent, now: Micros): void => {
    this.outbox.emitAll(partitionEvents(this.#boot.id, event));
    if (event.kind === "mode") {
      this.#setWritable(event.mode === "read-write", now);
    }
  };

  #setWritable(writable: boolean, now: Micros): void {
    this.gossip({ kind: "writable", now, writable });
    this.membership({ kind: "writable", now, writable });
    this.services.setWritable(writable, now);
  }

  #answerLeave(): void {
    if (this.#leaveCommand !== null) {
      this.outbox.answer(this.#leaveCommand, { ok: true });
      this.#leaveCommand = null;
    }
  }

  #digestChanged(now: Micros): void {
    if (!this.#digestTimerSet) {
      this.#digestTimerSet = true;
      this.outbox.timer(DIGEST_TIMER, now + ms(DIGEST_DELAY_MS));
    }
  }

  #tellDigest(): void {
    this.#digestTimerSet = false;
    const members = this.#membership.digest();
    const rumours = this.#gossip.digest;
    this.outbox.emit({ type: "state.digest", node: this.#boot.id, members, rumours });
  }
}

function agreedMembers(membership: Membership): readonly NodeId[] {
  return [...membership.members()].filter(({ agreed }) => agreed).map(({ id }) => id);
}
