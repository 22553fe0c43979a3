/**
 * The keys of one namespace at one node: what lives, the certificates of what was deleted, and the
 * tree over both that is compared with peers. A key is in one of the two, never in both.
 */
import { assert } from "#main/kernel/assert.ts";
import { compareBytes, compareText, sortedKeys } from "#main/kernel/crdt/canonical.ts";
import {
  type Certificate,
  type CertificateOptions,
  certificatePhase,
  Certificates,
} from "#main/kernel/crdt/certificates.ts";
import { certificateCodec } from "#main/kernel/crdt/retention.ts";
import { isTooEarly, type Stamp } from "#main/kernel/crdt/stamp.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type MerkleSnapshot, MerkleTree } from "#main/kernel/merkle/tree.ts";
import { sha256 } from "#main/kernel/sha256.ts";
import type { Micros } from "#main/kernel/time.ts";
import { type Cell, cellCodec, cutCell, mergeCells, newestOf, newestPart } from "./cells/cell.ts";
import { laterStamp } from "./contributor.ts";
import { CERTIFICATE_BYTES } from "./limits.ts";
import type { Room } from "./room.ts";
import { encodeWith } from "./strong-command.ts";
import type { Content, DropReason } from "./types.ts";
import type { EventualMode } from "./modes.ts";

/** 4,096 leaves: of 16,384 keys four in each, and one that differs costs 48 hashes. */
export const TREE_SHAPE = { width: 16, depth: 3 };

export type Taken =
  | { readonly kind: "changed" }
  /** Nothing new in it. */
  | { readonly kind: "known" }
  /** Deleted: whoever sent it lacks this. `awake`: it was dormant, and has to spread again. */
  | { readonly kind: "deleted"; readonly certificate: Certificate; readonly awake: boolean }
  | { readonly kind: "refused"; readonly reason: DropReason };

interface Living {
  readonly cell: Cell;
  /** Of the state as it is written. */
  readonly hash: Uint8Array;
  readonly bytes: number;
}

/** A key whose time was over at `at`; its certificate cancels all up to `stamp`. */
export interface Due {
  readonly key: string;
  readonly stamp: Stamp;
  readonly at: Micros;
}

export interface NamespaceSetup {
  readonly self: NodeId;
  readonly mode: EventualMode;
  readonly certificates: CertificateOptions;
  readonly room: Room;
}

const CHANGED: Taken = { kind: "changed" };
const KNOWN: Taken = { kind: "known" };
/** Versions are told apart by the hash of the whole state alone. */
const NO_VERSION = new Uint8Array(0);

export class Namespace {
  readonly mode: EventualMode;
  readonly #self: NodeId;
  readonly #options: CertificateOptions;
  readonly #room: Room;
  readonly #living = new Map<string, Living>();
  readonly #expiring = new Map<string, Micros>();
  /** The least of these times; null: to be looked for. */
  #soonest: Micros | null = Number.POSITIVE_INFINITY;
  readonly #certificates: Certificates;
  readonly #tree: MerkleTree;
  /** The first moment at which a certificate may change its phase. */
  #turnAt: Micros = Number.POSITIVE_INFINITY;

  constructor({ self, mode, certificates, room }: NamespaceSetup) {
    this.mode = mode;
    this.#self = self;
    this.#options = certificates;
    this.#room = room;
    this.#certificates = new Certificates(self, certificates);
    this.#tree = new MerkleTree({ shape: TREE_SHAPE });
  }

  /** Living keys. */
  get size(): number {
    return this.#living.size;
  }

  /** Equal to that of a peer exactly when both hold the same. */
  get root(): Uint8Array {
    return this.#tree.root();
  }

  snapshot(): MerkleSnapshot {
    return this.#tree.snapshot();
  }

  /** Living keys in order. */
  keys(): string[] {
    return sortedKeys(this.#living);
  }

  cell(key: string): Cell | null {
    return this.#living.get(key)?.cell ?? null;
  }

  /** The delete that a key has to outlive. */
  buried(key: string): Stamp | null {
    return this.#certificates.get(key)?.stamp ?? null;
  }

  /** What there is to tell a peer about a key. */
  content(key: string): Content | null {
    const cell = this.cell(key);
    if (cell !== null) {
      return { kind: "value", cell };
    }
    const certificate = this.#certificates.get(key);
    return certificate === undefined ? null : { kind: "certificate", certificate };
  }

  /** Everything, dormant certificates too. `now` is the wall clock here and below. */
  *contents(now: Micros): Generator<readonly [key: string, content: Content]> {
    for (const key of this.keys()) {
      const content = this.content(key);
      if (content !== null) {
        yield [key, content];
      }
    }
    for (const phase of [this.#certificates.active(now), this.#certificates.dormant(now)]) {
      for (const certificate of phase) {
        yield [certificate.key, { kind: "certificate", certificate }];
      }
    }
  }

  take(key: string, content: Content, now: Micros): Taken {
    return content.kind === "value"
      ? this.#takeCell(key, content.cell, now)
      : this.#takeCertificate(content.certificate, now);
  }

  /** When the next key expires; infinity: none ever. */
  get nextExpiry(): Micros {
    if (this.#soonest === null) {
      this.#soonest = Number.POSITIVE_INFINITY;
      for (const at of this.#expiring.values()) {
        this.#soonest = Math.min(this.#soonest, at);
      }
    }
    return this.#soonest;
  }

  /** Keys whose time is over, in order, with the stamp and the moment of their death. */
  due(now: Micros): Due[] {
    if (this.nextExpiry > now) {
      return [];
    }
    const due = [...this.#expiring].filter(([, at]) => at <= now);
    return due
      .sort(([a], [b]) => compareText(a, b))
      .map(([key, at]) => {
        const cell = this.cell(key);
        const stamp = cell === null ? null : newestOf(this.mode, cell);
        assert(stamp !== null, "what expires lives, and has a stamp");
        return { key, stamp, at };
      });
  }

  /**
   * A key dies of its age. The certificate follows from the key's state alone, so that all replicas
   * that hold the same make the same one.
   */
  expire(certificate: Certificate, now: Micros): void {
    this.#bury(certificate, now);
  }

  /** Lets certificates fall asleep and end whose time has come. */
  turn(now: Micros): void {
    if (now < this.#turnAt) {
      return;
    }
    for (const { key } of this.#certificates.expire(now)) {
      this.#tree.remove(key);
      this.#room.shift(-1, -certificateBytes(key));
    }
    for (const { key } of this.#certificates.dormant(now)) {
      this.#tree.remove(key);
    }
    this.#turnAt = Number.POSITIVE_INFINITY;
    for (const phase of [this.#certificates.active(now), this.#certificates.dormant(now)]) {
      for (const certificate of phase) {
        this.#turnAt = Math.min(this.#turnAt, this.#turnOf(certificate, now));
      }
    }
  }

  /** Gives everything back: the namespace turned out to be of another mode. */
  clear(now: Micros): void {
    for (const [key, { bytes }] of this.#living) {
      this.#room.shift(-1, -(key.length + bytes));
    }
    const certificates = this.#certificates;
    const over = certificates.expire(now);
    for (const { key } of [...over, ...certificates.active(now), ...certificates.dormant(now)]) {
      this.#room.shift(-1, -certificateBytes(key));
    }
    this.#living.clear();
  }

  #takeCell(key: string, theirs: Cell, now: Micros): Taken {
    const stamp = newestPart(this.mode, theirs);
    if (stamp === null) {
      return { kind: "refused", reason: "violation" };
    }
    if (isTooEarly(newestOf(this.mode, theirs) ?? stamp, now)) {
      return { kind: "refused", reason: "early" };
    }
    const held = this.#certificates.get(key);
    const meeting = this.#certificates.meet(key, stamp, now);
    switch (meeting.kind) {
      case "obsolete":
        return { kind: "deleted", certificate: meeting.certificate, awake: false };
      case "reactivated":
        this.#show(meeting.certificate, now);
        return { kind: "deleted", certificate: meeting.certificate, awake: true };
      case "newer":
        return this.#outlive(key, theirs, { held, now });
      case "unknown":
        if (held !== undefined) {
          // Its time was over.
          this.#forget(key);
        }
        return this.#merge(key, theirs);
    }
  }

  /** The value takes over what the certificate was there for: nothing older may come back. */
  #outlive(
    key: string,
    theirs: Cell,
    { held, now }: { readonly held: Certificate | undefined; readonly now: Micros },
  ): Taken {
    assert(held !== undefined, "a value is newer than a certificate that is there");
    this.#forget(key);
    const taken = this.#merge(key, { ...theirs, floor: laterStamp(theirs.floor, held.stamp) });
    if (taken.kind === "refused") {
      this.#bury(held, now);
    }
    return taken;
  }

  #merge(key: string, theirs: Cell): Taken {
    const mine = this.#living.get(key);
    const merged = mergeCells(this.mode, mine?.cell ?? null, theirs);
    if (merged.kind === "refused") {
      return { kind: "refused", reason: "limit" };
    }
    return merged.cell === null ? KNOWN : this.#set(key, merged.cell, merged.bytes);
  }

  #takeCertificate(certificate: Certificate, now: Micros): Taken {
    const { key, stamp } = certificate;
    if (isTooEarly(stamp, now)) {
      return { kind: "refused", reason: "early" };
    }
    const mine = this.cell(key);
    const left = mine === null ? null : cutCell(this.mode, mine, stamp);
    if (left !== null) {
      return this.#set(key, left, encodeWith(cellCodec(this.mode), left));
    }
    const isNew = mine === null && this.#certificates.get(key) === undefined;
    if (isNew && !this.#room.fits(1, certificateBytes(key))) {
      return { kind: "refused", reason: "full" };
    }
    return this.#bury(certificate, now);
  }

  /** The key dies even of a certificate that is not kept here any more. */
  #bury(certificate: Certificate, now: Micros): Taken {
    const { key } = certificate;
    const wasHeld = this.#certificates.get(key) !== undefined;
    const died = this.#drop(key);
    const adoption = this.#certificates.adopt(certificate, now);
    if (adoption === "adopted") {
      if (!wasHeld) {
        this.#room.shift(1, certificateBytes(key));
      }
      this.#show(certificate, now);
      return CHANGED;
    }
    return died ? CHANGED : KNOWN;
  }

  #set(key: string, cell: Cell, encoded: Uint8Array): Taken {
    const before = this.#living.get(key);
    const hash = sha256(encoded);
    if (before !== undefined && compareBytes(before.hash, hash) === 0) {
      return KNOWN;
    }
    const bytes = encoded.length;
    const more = before === undefined ? key.length + bytes : bytes - before.bytes;
    if (!this.#room.enter(before === undefined ? 1 : 0, more)) {
      return { kind: "refused", reason: "full" };
    }
    this.#living.set(key, { cell, hash, bytes });
    this.#tree.set(key, { version: NO_VERSION, valueHash: hash, deleted: false });
    this.#expireAt(key, cell.expiry?.at ?? null);
    return CHANGED;
  }

  #expireAt(key: string, at: Micros | null): void {
    if (this.#expiring.get(key) === this.#soonest) {
      this.#soonest = null;
    }
    if (at === null) {
      this.#expiring.delete(key);
      return;
    }
    this.#expiring.set(key, at);
    if (this.#soonest !== null) {
      this.#soonest = Math.min(this.#soonest, at);
    }
  }

  #drop(key: string): boolean {
    const living = this.#living.get(key);
    if (living === undefined) {
      return false;
    }
    this.#room.shift(-1, -(key.length + living.bytes));
    this.#living.delete(key);
    this.#expireAt(key, null);
    this.#tree.remove(key);
    return true;
  }

  /** The certificate is gone already. */
  #forget(key: string): void {
    this.#room.shift(-1, -certificateBytes(key));
    this.#tree.remove(key);
  }

  /** Only what spreads is compared: most peers rightly lack what is dormant here. */
  #show(certificate: Certificate, now: Micros): void {
    const { key } = certificate;
    this.#turnAt = Math.min(this.#turnAt, this.#turnOf(certificate, now));
    if (certificatePhase(certificate, { me: this.#self, now }, this.#options) !== "active") {
      this.#tree.remove(key);
      return;
    }
    const valueHash = sha256(encodeWith(certificateCodec, certificate));
    this.#tree.set(key, { version: NO_VERSION, valueHash, deleted: true });
  }

  /** When the phase that it is in ends. */
  #turnOf({ activatedAt }: Certificate, now: Micros): Micros {
    const { spreadUs, dormantUs } = this.#options;
    const sleepsAt = activatedAt + spreadUs;
    return now < sleepsAt ? sleepsAt : sleepsAt + dormantUs;
  }
}

function certificateBytes(key: string): number {
  return key.length + CERTIFICATE_BYTES;
}
