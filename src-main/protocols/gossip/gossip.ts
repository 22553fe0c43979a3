/**
 * Epidemic spreading of rumours: rounds of push, pull or push-pull with random peers, mongering for
 * urgent rumours, and anti-entropy behind both, because every rule that stops leaves a residue.
 */
import { unreachable } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { adaptFanout, fanoutBySize, roundAllowance } from "./adapt.ts";
import { drawPeers } from "./draw-peers.ts";
import { MAX_IDS, MAX_PAYLOAD_BYTES, MAX_TOPIC_LENGTH } from "./limits.ts";
import { isBlind, mongerCeiling, Mongering } from "./mongering.ts";
import type { GossipOptions } from "./options.ts";
import { OriginLog } from "./origin-log.ts";
import { RoundLedger } from "./round-ledger.ts";
import { rumourKey } from "./rumour-id.ts";
import type { GossipSetup } from "./setup.ts";
import { ActiveRumours, spreadRounds } from "./spreading.ts";
import { RumourStore } from "./store.ts";
import type { StoredRumour } from "./stream.ts";
import type {
  GossipEffect,
  GossipEvent,
  GossipInput,
  GossipMessage,
  PublishRefusal,
  RumourCopy,
  RumourDigest,
  RumourId,
  RumourTraffic,
  RumourVia,
} from "./types.ts";

const ROUND_TIMER = "round";
const MONGER_TIMER = "monger";

type Publish = Extract<GossipInput, { kind: "publish" }>;

export class Gossip {
  readonly #setup: GossipSetup;
  readonly #store: RumourStore;
  readonly #origin: OriginLog;
  readonly #mongering: Mongering;
  readonly #active = new ActiveRumours();
  readonly #ledger = new RoundLedger();
  #options: GossipOptions;
  #effects: GossipEffect[] = [];
  #writable = true;
  #round = 0;
  /** Bytes of copies that may go out before the next round begins. */
  #allowance: number;
  #mongerTimerSet = false;
  /** Where the next pull's and the next comparison's ranges begin. */
  #pullCursor = "";
  #compareCursor = "";

  constructor(setup: GossipSetup) {
    this.#setup = setup;
    this.#options = setup.options;
    this.#allowance = roundAllowance(setup.options, 0);
    this.#store = new RumourStore(setup.options);
    this.#origin = new OriginLog(setup.self);
    this.#mongering = new Mongering(setup.random.fork("stop-rule"));
    for (const { rumour, hops } of setup.restore) {
      this.#store.add(rumour, hops);
      this.#origin.restore(rumour, hops);
    }
  }

  /** A hash of the ids held: equal at two nodes when they hold the same rumours. */
  get digest(): string {
    return this.#store.hash;
  }

  get size(): number {
    return this.#store.size;
  }

  /** Rumours being mongered. */
  get hot(): number {
    return this.#mongering.size;
  }

  has(id: RumourId): boolean {
    return this.#store.get(id) !== undefined;
  }

  /** What this node sent of a rumour; undefined when it does not hold it. */
  traffic(id: RumourId): RumourTraffic | undefined {
    const stored = this.#store.get(id);
    return stored && { messages: stored.copiesSent, bytes: stored.copiesSent * stored.bytes };
  }

  step(input: GossipInput): readonly GossipEffect[] {
    this.#effects = [];
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
      case "publish":
        this.#publish(input);
        break;
      case "writable":
        this.#writable = input.writable;
        break;
      case "configure":
        this.#configure(input.change, input.now);
        break;
      default:
        unreachable(input);
    }
    return this.#effects;
  }

  /** The first round comes at a random moment, or the rounds of all nodes would coincide. */
  #start(now: Micros): void {
    this.#origin.start(now);
    const interval = ms(this.#options.gossipIntervalMs);
    this.#setTimer(ROUND_TIMER, now + 1 + this.#setup.random.int(interval));
  }

  #configure(change: Partial<GossipOptions>, now: Micros): void {
    const before = this.#options.gossipIntervalMs;
    this.#options = { ...this.#options, ...change };
    this.#store.setLimits(this.#options);
    // A fixed budget counts at once, a bandwidth from the next round on.
    this.#allowance =
      this.#options.bandwidthBytesPerSecond === null
        ? this.#options.bytesPerRound
        : this.#allowance;
    if (this.#options.gossipIntervalMs !== before && this.#origin.started) {
      this.#setTimer(ROUND_TIMER, now + ms(this.#options.gossipIntervalMs));
    }
  }

  #timer(timer: string, now: Micros): void {
    if (timer === ROUND_TIMER) {
      this.#beginRound();
      this.#setTimer(ROUND_TIMER, now + ms(this.#options.gossipIntervalMs));
    } else if (timer === MONGER_TIMER) {
      this.#mongerTimerSet = false;
      this.#monger();
      this.#keepMongering(now);
    }
  }

  #publish({ request, topic, payload, urgent, now }: Publish): void {
    const refusal = this.#refusal(topic, payload);
    if (refusal !== null) {
      this.#emit({ kind: "refused", request, code: refusal });
      return;
    }
    const rumour = { ...this.#origin.next(), topic, payload, urgent };
    this.#store.add(rumour, 0);
    const stored = this.#store.get(rumour.id);
    const then = this.#collect(() => {
      this.#emit({ kind: "published", request, rumour });
      if (stored !== undefined) {
        this.#spread(stored);
        this.#mongerAtOnce(urgent, now);
      }
    });
    this.#effects.push({ kind: "persist", record: { rumour, hops: 0 }, then });
  }

  #refusal(topic: string, payload: Uint8Array): PublishRefusal | null {
    if (!this.#origin.started) {
      return "not-running";
    }
    if (!this.#writable) {
      return "read-only";
    }
    if (topic.length === 0 || topic.length > MAX_TOPIC_LENGTH) {
      return "bad-topic";
    }
    return payload.length > MAX_PAYLOAD_BYTES ? "too-large" : null;
  }

  #mongerAtOnce(urgent: boolean, now: Micros): void {
    if (urgent) {
      this.#monger();
      this.#keepMongering(now);
    }
  }

  /** From here on the rumour takes part in mongering or in push rounds, whichever it is for. */
  #spread(stored: StoredRumour): void {
    if (stored.rumour.urgent) {
      this.#mongering.heat(stored);
      return;
    }
    const { fanout, spreadMultiplier } = this.#options;
    const n = this.#meshSize();
    const peers = fanout === "auto" ? fanoutBySize(n) : fanout;
    this.#active.add(stored, spreadRounds(n, peers, spreadMultiplier));
  }

  #beginRound(): void {
    const { mode, fanout, antiEntropyEvery } = this.#options;
    this.#round++;
    const antiEntropy = antiEntropyEvery > 0 && this.#round % antiEntropyEvery === 0;
    this.#allowance = roundAllowance(this.#options, this.#allowance - this.#ledger.bytes);
    const counts = this.#ledger.close(this.#round, antiEntropy, this.#mongering.size);
    this.#emit({ kind: "round", counts });
    const peers = this.#draw(
      fanout === "auto"
        ? adaptFanout(this.#meshSize(), this.#allowance, this.#active.bytes)
        : fanout,
    );
    if (mode !== "pull") {
      this.#push(peers);
    }
    if (mode !== "push") {
      this.#pull(peers);
    }
    if (antiEntropy) {
      this.#compare();
    }
  }

  #push(peers: readonly NodeId[]): void {
    const due = this.#active.due();
    const sent = new Set<StoredRumour>();
    for (const peer of peers) {
      for (const stored of this.#sendCopies(peer, "push", due)) {
        sent.add(stored);
      }
    }
    this.#active.roundOver([...sent]);
  }

  #pull(peers: readonly NodeId[]): void {
    const digest = this.#store.digest(this.#pullCursor);
    this.#pullCursor = digest.until ?? "";
    for (const peer of peers) {
      this.#send(peer, { type: "pull", digest });
    }
  }

  #compare(): void {
    const digest = this.#store.digest(this.#compareCursor);
    this.#compareCursor = digest.until ?? "";
    for (const peer of this.#draw(1)) {
      this.#send(peer, { type: "compare", digest });
    }
  }

  #monger(): void {
    this.#mongering.sendBegins(this.#options);
    for (const peer of this.#draw(this.#options.mongerFanout)) {
      for (const stored of this.#sendCopies(peer, "mongering", this.#mongering.due())) {
        if (this.#mongering.copySent(stored.key, this.#options)) {
          this.#emitCooled(stored);
        }
      }
    }
    for (const stored of this.#mongering.sendOver(mongerCeiling(this.#meshSize()))) {
      this.#emitCooled(stored);
    }
  }

  #keepMongering(now: Micros): void {
    if (this.#mongering.size > 0 && !this.#mongerTimerSet) {
      this.#mongerTimerSet = true;
      this.#setTimer(MONGER_TIMER, now + ms(this.#options.mongerIntervalMs));
    }
  }

  #receive(from: NodeId, message: GossipMessage, now: Micros): void {
    switch (message.type) {
      case "rumours":
        this.#receiveCopies(from, message.via, message.copies);
        this.#keepMongering(now);
        break;
      case "feedback":
        this.#receiveFeedback(message.known);
        break;
      case "pull":
        this.#answer(from, "pull", message.digest);
        break;
      case "compare":
        this.#answer(from, "anti-entropy", message.digest);
        this.#askFor(from, message.digest);
        break;
      case "want":
        this.#sendWanted(from, message.ids);
        break;
      default:
        unreachable(message);
    }
  }

  #receiveCopies(from: NodeId, via: RumourVia, copies: readonly RumourCopy[]): void {
    const known: RumourId[] = [];
    for (const { rumour, hops } of copies) {
      const outcome = this.#store.add(rumour, hops);
      if (outcome.kind === "new") {
        this.#accept(outcome.stored, from, via);
      } else {
        this.#ledger.duplicates += Number(outcome.kind === "duplicate");
        this.#ledger.tooOld += Number(outcome.kind === "too-old");
        known.push(rumour.id);
      }
    }
    if (via === "mongering" && known.length > 0 && !isBlind(this.#options)) {
      this.#send(from, { type: "feedback", known });
    }
  }

  /** On disk first, then to the application: a restart must not deliver it once more. */
  #accept(stored: StoredRumour, from: NodeId, via: RumourVia): void {
    const { rumour, hops } = stored;
    const round = this.#round;
    this.#origin.witness(rumour);
    // What comparison finds is old news: spreading it again would flood a mesh that knows it.
    if (via !== "anti-entropy") {
      this.#spread(stored);
    }
    const event: GossipEvent = { kind: "received", rumour, from, via, hops, round };
    this.#effects.push({
      kind: "persist",
      record: { rumour, hops },
      then: [{ kind: "emit", event }],
    });
  }

  #receiveFeedback(known: readonly RumourId[]): void {
    for (const id of known) {
      const stored = this.#store.get(id);
      if (stored !== undefined && this.#mongering.knownAlready(rumourKey(id), this.#options)) {
        this.#emitCooled(stored);
      }
    }
  }

  #answer(to: NodeId, via: RumourVia, digest: RumourDigest): void {
    if (digest.hash !== this.#store.hash) {
      this.#sendCopies(to, via, this.#store.lackedBy(digest));
    }
  }

  #askFor(to: NodeId, digest: RumourDigest): void {
    const ids = digest.hash === this.#store.hash ? [] : this.#store.lackedHere(digest, MAX_IDS);
    if (ids.length > 0) {
      this.#send(to, { type: "want", ids });
    }
  }

  #sendWanted(to: NodeId, ids: readonly RumourId[]): void {
    const stored = ids.flatMap((id) => this.#store.get(id) ?? []);
    this.#sendCopies(to, "anti-entropy", stored);
  }

  /** Returns what fitted into the message and the round's budget. */
  #sendCopies(to: NodeId, via: RumourVia, entries: readonly StoredRumour[]): StoredRumour[] {
    const admitted = this.#ledger.admit(entries, this.#allowance);
    if (admitted.length > 0) {
      const copies = admitted.map(({ rumour, hops }) => ({ rumour, hops: hops + 1 }));
      this.#send(to, { type: "rumours", via, copies });
    }
    return admitted;
  }

  #meshSize(): number {
    return this.#setup.peers().length;
  }

  #draw(count: number): NodeId[] {
    return drawPeers(this.#setup.peers(), this.#setup.self, count, this.#setup.random);
  }

  #collect(act: () => void): GossipEffect[] {
    const outer = this.#effects;
    this.#effects = [];
    act();
    const inner = this.#effects;
    this.#effects = outer;
    return inner;
  }

  #send(to: NodeId, message: GossipMessage): void {
    this.#ledger.messages++;
    this.#effects.push({ kind: "send", to, message });
  }

  #setTimer(timer: string, at: Micros): void {
    this.#effects.push({ kind: "timer", timer, at });
  }

  #emitCooled(stored: StoredRumour): void {
    this.#emit({ kind: "cooled", id: stored.rumour.id, sent: stored.copiesSent });
  }

  #emit(event: GossipEvent): void {
    this.#effects.push({ kind: "emit", event });
  }
}
