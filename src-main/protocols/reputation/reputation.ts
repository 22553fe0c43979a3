/**
 * What one node thinks of the others: a score of its own observations, which fades, and what
 * follows from it. Nothing here is a machine: the composition tells what it sees and asks.
 */
import { assert } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import { hex, sha256 } from "#main/kernel/sha256.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import { choosePeers } from "./choose-peers.ts";
import { evidenceCodec } from "./codec.ts";
import { Dossier } from "./dossier.ts";
import { hearsayPenalty, trustIn } from "./formulas.ts";
import { type ReputationOptions, validateReputationOptions } from "./options.ts";
import type {
  Admission,
  Evidence,
  EvidenceOutcome,
  Opinion,
  ReportKind,
  ReputationRecord,
  Standing,
  Verdict,
} from "./types.ts";

/** Proofs remembered, so that a fact that comes around again is not counted again. */
export const MAX_PROOFS = 1_024;

export interface ReputationSetup {
  readonly self: NodeId;
  readonly options: ReputationOptions;
  /** The last agreed membership: whose opinions count, and how many make a quorum. */
  readonly members: () => readonly NodeId[];
  /** Whether the proof shows that the accused lied. Called for every new piece of evidence. */
  readonly verify: (evidence: Evidence) => boolean;
  /** Records of former lives; of one member the last one holds. */
  readonly restore: readonly ReputationRecord[];
}

export class Reputation {
  readonly #setup: ReputationSetup;
  readonly #options: ReputationOptions;
  /** Least recently used first. */
  readonly #dossiers = new Map<NodeId, Dossier>();
  readonly #proofs = new Set<string>();

  constructor(setup: ReputationSetup) {
    const problems = validateReputationOptions(setup.options);
    assert(problems.length === 0, problems.join("; "));
    this.#setup = setup;
    this.#options = setup.options;
    for (const record of setup.restore.slice(-setup.options.maxMembers)) {
      this.#dossiers.set(record.member, Dossier.restore(record, setup.options));
    }
  }

  /** Members about whom anything is remembered. */
  get size(): number {
    return this.#dossiers.size;
  }

  /** An observation of this node's own. About itself it keeps no books. */
  report(kind: ReportKind, member: NodeId, now: Micros): Verdict {
    const before = this.standing(member, now);
    if (member !== this.#setup.self) {
      const dossier = this.#open(member, now);
      if (kind === "good-answer") {
        dossier.praise(now);
      } else {
        dossier.fault(kind, now);
        this.#banIfDue(dossier, now);
      }
    }
    return this.#verdict(member, before, now);
  }

  /** 0 for who is not known, never outside [`lowestScore`, goodWeight × goodCap]. */
  score(member: NodeId, now: Micros): number {
    const dossier = this.#known(member, now);
    if (dossier === undefined) {
      return 0;
    }
    const severities = dossier.hearsay(now, (reporter) => this.#trustIn(reporter, now));
    const members = this.#setup.members().length;
    return this.#ownScore(dossier, now) - hearsayPenalty(severities, members, this.#options);
  }

  standing(member: NodeId, now: Micros): Standing {
    if (this.#known(member, now)?.isBanned(now) === true) {
      return "banned";
    }
    const score = this.score(member, now);
    if (score < this.#options.graylistThreshold) {
      return "graylisted";
    }
    return score < this.#options.gossipThreshold ? "watched" : "good";
  }

  /** Whether to hand one's own news to the member first. */
  mayPublishTo(member: NodeId, now: Micros): boolean {
    const banned = this.#known(member, now)?.isBanned(now) === true;
    return !banned && this.score(member, now) >= this.#options.publishThreshold;
  }

  /** When the ban ends; 0 for who is not banned. */
  bannedUntil(member: NodeId, now: Micros): Micros {
    const dossier = this.#known(member, now);
    return dossier?.isBanned(now) === true ? dossier.bannedUntil : 0;
  }

  /**
   * What `reporter` says about others. Counts by its own standing, once for each of them, and only
   * to their disadvantage; what it says about itself, and who is no member says, is not heard.
   */
  hear(reporter: NodeId, opinions: readonly Opinion[], now: Micros): void {
    const { self, members } = this.#setup;
    if (reporter === self || !members().includes(reporter)) {
      return;
    }
    const known = new Set(members());
    for (const { member, severity } of opinions) {
      const sound = severity >= 0 && severity <= 1 && member !== reporter && member !== self;
      if (sound && known.has(member)) {
        this.#open(member, now).hear(reporter, severity, now);
      }
    }
  }

  /** This node's opinion of all that it has something against, for others to hear. */
  opinions(now: Micros): Opinion[] {
    const worst = -this.#options.graylistThreshold;
    return [...this.#dossiers.values()].flatMap((dossier) => {
      const severity = Math.min(1, dossier.penalty(now) / worst);
      return severity > 0 && !dossier.isForgotten(now)
        ? [{ member: dossier.member, severity }]
        : [];
    });
  }

  /** A proof that `from` brought, or that this node found itself. */
  prove(evidence: Evidence, from: NodeId, now: Micros): EvidenceOutcome {
    const id = proofId(evidence);
    if (this.#proofs.has(id)) {
      return { kind: "known" };
    }
    if (!this.#setup.verify(evidence)) {
      return { kind: "false", verdict: this.report("false-evidence", from, now) };
    }
    this.#proofs.add(id);
    for (const oldest of this.#proofs) {
      if (this.#proofs.size <= MAX_PROOFS) {
        break;
      }
      this.#proofs.delete(oldest);
    }
    return { kind: "proven", verdict: this.report("equivocation", evidence.accused, now) };
  }

  /** Whether a message is let in. What is over the rate is held against the sender. */
  admit(member: NodeId, cost: number, now: Micros): Admission {
    assert(cost >= 0, "a cost is not negative");
    const dossier = this.#open(member, now);
    if (dossier.isBanned(now)) {
      return "banned";
    }
    if (dossier.bucket.take(cost, now)) {
      return "admitted";
    }
    this.report("flooding", member, now);
    return "over-rate";
  }

  /** Up to `count` of the candidates, without this node and those on the graylist. */
  choosePeers(candidates: readonly NodeId[], count: number, random: Random, now: Micros): NodeId[] {
    const usable = candidates.flatMap((member) => {
      const standing = this.standing(member, now);
      const out = member === this.#setup.self || standing === "graylisted" || standing === "banned";
      const trusted = standing === "good";
      return out ? [] : [{ member, score: this.score(member, now), trusted }];
    });
    return choosePeers(usable, count, this.#options.exploreShare, random);
  }

  connect(member: NodeId, now: Micros): void {
    this.#known(member, now)?.connect(now);
  }

  disconnect(member: NodeId, now: Micros): void {
    this.#known(member, now)?.disconnect(now);
  }

  /** What to write down about a member; null when there is nothing against it. */
  record(member: NodeId, now: Micros): ReputationRecord | null {
    const dossier = this.#known(member, now);
    return dossier === undefined || this.#isClean(dossier, now) ? null : dossier.record(now);
  }

  /** What to write down about all, instead of everything written before. */
  records(now: Micros): ReputationRecord[] {
    return [...this.#dossiers.keys()].flatMap((member) => this.record(member, now) ?? []);
  }

  #verdict(member: NodeId, before: Standing, now: Micros): Verdict {
    const score = this.score(member, now);
    return { member, score, before, standing: this.standing(member, now) };
  }

  /** Only own observations ban: opinions of others never do. */
  #banIfDue(dossier: Dossier, now: Micros): void {
    if (this.#ownScore(dossier, now) < this.#options.banThreshold) {
      dossier.bannedUntil = Math.max(dossier.bannedUntil, now + ms(this.#options.banMs));
    }
  }

  #ownScore(dossier: Dossier, now: Micros): number {
    return dossier.bonus(now) - dossier.penalty(now);
  }

  /** By own observations alone, or two members' opinions of each other would never end. */
  #trustIn(reporter: NodeId, now: Micros): number {
    const dossier = this.#known(reporter, now);
    if (dossier === undefined) {
      return 1;
    }
    const { graylistThreshold } = this.#options;
    return dossier.isBanned(now) ? 0 : trustIn(this.#ownScore(dossier, now), graylistThreshold);
  }

  #known(member: NodeId, now: Micros): Dossier | undefined {
    const dossier = this.#dossiers.get(member);
    return dossier?.isForgotten(now) === true ? undefined : dossier;
  }

  #open(member: NodeId, now: Micros): Dossier {
    const dossier = this.#known(member, now) ?? new Dossier(member, this.#options, now);
    this.#dossiers.delete(member);
    this.#dossiers.set(member, dossier);
    if (this.#dossiers.size > this.#options.maxMembers) {
      this.#forgetOne(member, now);
    }
    return dossier;
  }

  /** The longest unused, but first those against whom there is nothing, and banned ones last. */
  #forgetOne(except: NodeId, now: Micros): void {
    const others = [...this.#dossiers.values()].filter(({ member }) => member !== except);
    const victim =
      others.find((dossier) => this.#isClean(dossier, now)) ??
      others.find((dossier) => !dossier.isBanned(now)) ??
      others[0];
    if (victim !== undefined) {
      this.#dossiers.delete(victim.member);
    }
  }

  #isClean(dossier: Dossier, now: Micros): boolean {
    const nothing = dossier.penalty(now) === 0 && !dossier.isBanned(now);
    return nothing || dossier.isForgotten(now);
  }
}

function proofId(evidence: Evidence): string {
  const writer = new WireWriter();
  evidenceCodec.encode(writer, evidence);
  return hex(sha256(writer.finish()));
}
