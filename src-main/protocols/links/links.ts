/**
 * The overlay: which peers a node keeps links to. Links are agreed by both ends, measured by pings
 * and told to everybody, so that each node can see the whole graph, route through it, and mend it.
 */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { Flooding } from "./flooding.ts";
import { Keepalive } from "./keepalive.ts";
import { Linking } from "./linking.ts";
import { Maintenance } from "./maintenance.ts";
import { validateLinksOptions } from "./options.ts";
import { shortestRoute } from "./routes.ts";
import type { LinksSetup } from "./setup.ts";
import { sharedPlan } from "./shared-plan.ts";
import { LinksState, TIMERS } from "./state.ts";
import { Tracing } from "./tracing.ts";
import type { LinkReason, LinksEffect, LinksInput, LinksMessage } from "./types.ts";

type MemberInput = Extract<LinksInput, { kind: "member" }>;
type TopologyInput = Extract<LinksInput, { kind: "set-topology" }>;

const NOBODY: ReadonlySet<NodeId> = new Set();

export class Links {
  readonly #setup: LinksSetup;
  readonly #state: LinksState;
  readonly #flooding: Flooding;
  readonly #linking: Linking;
  readonly #keepalive: Keepalive;
  readonly #maintenance: Maintenance;
  readonly #tracing: Tracing;

  constructor(setup: LinksSetup) {
    const problems = validateLinksOptions(setup.options);
    assert(problems.length === 0, problems.join("; "));
    this.#setup = setup;
    this.#state = new LinksState(setup);
    this.#flooding = new Flooding(this.#state);
    this.#linking = new Linking(this.#state, this.#flooding);
    this.#keepalive = new Keepalive(this.#state);
    this.#maintenance = new Maintenance(this.#state, this.#linking);
    this.#tracing = new Tracing(this.#state);
  }

  /** Linked peers, sorted. */
  get peers(): readonly NodeId[] {
    return this.#state.table.peers;
  }

  get degree(): number {
    return this.#state.table.degree;
  }

  /** A hash over the adverts held: equal at two nodes when they see the same overlay. */
  get graphDigest(): string {
    return this.#state.overlay.digest;
  }

  /** From this node to `to`, both included; null when this node knows no way. */
  routeTo(to: NodeId): readonly NodeId[] | null {
    const { self, overlay } = this.#state;
    const cost = (a: NodeId, b: NodeId) => overlay.roundTripUs(a, b);
    return shortestRoute(overlay, [self, to], cost, NOBODY);
  }

  step(input: LinksInput): readonly LinksEffect[] {
    switch (input.kind) {
      case "start":
        this.#start(input.now);
        break;
      case "message":
        this.#receive(input.from, input.message, input.now);
        break;
      case "timer":
        this.#timer(input.timer, input.now);
        break;
      case "member":
        this.#memberChanged(input);
        break;
      case "incarnation":
        this.#flooding.setIncarnation(input.incarnation, input.now);
        break;
      case "set-topology":
        this.#setTopology(input);
        break;
      case "trace":
        this.#tracing.begin(input.request, input.to, input.now);
        break;
      case "leave":
        this.#leave(input.now);
        break;
      default:
        unreachable(input);
    }
    return this.#state.out.take();
  }

  /** The links of a formed mesh stand; both ends know them, and everybody knows the graph. */
  #start(now: Micros): void {
    const { table, out, self } = this.#state;
    this.#state.running = true;
    this.#flooding.start(now);
    for (const peer of this.#setup.formed?.neighbours.get(self) ?? []) {
      table.add(peer, "bootstrap");
      out.emit({ kind: "link-up", peer, reason: "bootstrap" });
    }
    if (this.#setup.formed === null) {
      this.#flooding.ownChanged(now);
    }
    this.#keepalive.start(now);
    this.#maintenance.start(now);
    this.#flooding.checkSoon(now);
  }

  #timer(timer: string, now: Micros): void {
    this.#state.out.fired(timer);
    switch (timer) {
      case TIMERS.ping:
        for (const { peer, unanswered } of this.#keepalive.tick(now)) {
          this.#state.out.emit({ kind: "silent", peer, misses: unanswered });
          this.#linking.close(peer, "peer-silent", now);
        }
        break;
      case TIMERS.announce:
        this.#flooding.announce(now);
        break;
      case TIMERS.flood:
        this.#flooding.flush();
        break;
      case TIMERS.maintain:
        this.#maintenance.run(now);
        break;
      case TIMERS.check:
        this.#maintenance.check(now);
        break;
      case TIMERS.optimise:
        this.#maintenance.optimise(now);
        break;
      case TIMERS.trace:
        this.#tracing.expire(now);
        break;
      default:
        assert(false, `a timer of no use here: ${timer}`);
    }
  }

  #receive(from: NodeId, message: LinksMessage, now: Micros): void {
    switch (message.type) {
      case "offer":
        return this.#linking.onOffer(from, message.reason, now);
      case "accept":
        return this.#linking.onAccept(from, now);
      case "reject":
        return this.#linking.onReject(from, message.reason, now);
      case "close":
        return this.#linking.onClose(from, message.reason, now);
      case "ping":
        return this.#answerPing(from, message.sequence);
      case "pong":
        return this.#keepalive.onPong(from, message.sequence, now);
      case "adverts":
        return this.#flooding.receive(from, message.adverts, now);
      case "compare":
        return this.#flooding.onCompare(from, message.digest);
      case "summary":
        return this.#flooding.onSummary(from, message, now);
      case "want":
        return this.#flooding.onWant(from, message.nodes);
      case "trace":
        return this.#tracing.onTrace(from, message);
      case "traced":
        return this.#tracing.onTraced(message);
      default:
        return unreachable(message);
    }
  }

  #answerPing(from: NodeId, sequence: number): void {
    if (this.#state.table.has(from)) {
      this.#state.out.send(from, { type: "pong", sequence });
    } else {
      this.#linking.onStrayPing(from);
    }
  }

  #memberChanged({ member, state, zone, now }: MemberInput): void {
    const { directory, overlay, self } = this.#state;
    const zoneMoved = member === self && directory.zone(self) !== zone;
    directory.set(member, state, zone);
    if (zoneMoved) {
      this.#flooding.ownChanged(now);
    }
    if (member === self || !this.#state.running) {
      return;
    }
    if (state === "dead" || state === "left") {
      overlay.forget(member);
    }
    overlay.membersChanged();
    const reason = LOST_BECAUSE[state];
    if (reason !== null) {
      this.#linking.drop(member, reason, now);
    }
    this.#linking.maintainSoon(now);
    this.#flooding.checkSoon(now);
  }

  /** Every node computes the whole shape and takes its share. */
  #setTopology({ topology, links, now }: TopologyInput): void {
    const { directory, self, options } = this.#state;
    const ids = [self, ...directory.others()];
    const shape = sharedPlan(this.#setup.shared, {
      kind: topology,
      members: ids.map((id) => ({ id, zone: directory.zone(id) })),
      minNeighbours: options.minNeighbours,
      maxNeighbours: options.maxNeighbours,
      ...(links === undefined ? {} : { links }),
    });
    const wanted = new Set(shape.neighbours(self));
    this.#state.kind = topology;
    this.#state.given = wanted.size;
    this.#maintenance.beginTransition(wanted, now);
  }

  #leave(now: Micros): void {
    const { table, out } = this.#state;
    for (const peer of table.peers) {
      table.remove(peer);
      out.send(peer, { type: "close", reason: "leaving" });
      out.emit({ kind: "link-down", peer, reason: "closed" });
    }
    this.#flooding.ownChanged(now);
    this.#state.running = false;
  }
}

/** Which verdict ends a link at once. Suspicion does not: it may be refuted any moment. */
const LOST_BECAUSE: Readonly<Record<MemberInput["state"], LinkReason | null>> = {
  alive: null,
  suspect: null,
  unreachable: "peer-silent",
  dead: "peer-dead",
  left: "peer-left",
};
