/**
 * Death certificates (Demers et al. 1987, CSL-89-1, section 2). What is deleted by leaving it out
 * comes back with the next peer that still has it. So a delete is a write: a certificate that
 * spreads like data and cancels what is older. For `spreadUs` (the paper's tau 1) everybody keeps
 * it; then, for `dormantUs` (tau 2), only a few retention sites do, silently. A dormant certificate
 * that meets what it cancelled wakes up and spreads once more. Its ordinary stamp stays, so that a
 * value written after the delete survives the awakening; what is new is the activation time.
 */
import { assert } from "../assert.ts";
import type { Micros } from "../time.ts";
import { compareText, sortedEntries } from "./canonical.ts";
import { MAX_CLOCK_AHEAD_US } from "./limits.ts";
import { compareStamps, isTooEarly, type Stamp } from "./stamp.ts";

export interface Certificate {
  readonly key: string;
  /** When and by whom the key was deleted; cancels everything that is not newer. */
  readonly stamp: Stamp;
  /** When it last began to spread. */
  readonly activatedAt: Micros;
  /** Who keeps it while it is dormant: rising, chosen once, so that members may come and go. */
  readonly sites: readonly string[];
}

export interface CertificateOptions {
  /**
   * tau 1: how long everybody keeps a certificate. Longer than a message to everybody takes, or
   * dormant copies wake up all the time; every site pays for it in memory.
   */
  readonly spreadUs: Micros;
  /**
   * tau 2: how long retention sites keep it after that. Longer than any node stays away; one that
   * comes back later brings back what was deleted.
   */
  readonly dormantUs: Micros;
  /** Most certificates kept; a delete beyond is refused, for one forgotten early undoes a delete. */
  readonly capacity: number;
}

const HOUR_US = 3_600_000_000;

export const CERTIFICATE_DEFAULTS: CertificateOptions = {
  spreadUs: HOUR_US,
  dormantUs: 30 * 24 * HOUR_US,
  capacity: 65_536,
};

export type CertificatePhase = "active" | "dormant" | "expired";

/** Where a certificate is in its life, at the site `me`. */
export function certificatePhase(
  certificate: Certificate,
  at: { readonly me: string; readonly now: Micros },
  options: CertificateOptions,
): CertificatePhase {
  const age = at.now - certificate.activatedAt;
  if (age < options.spreadUs) {
    return "active";
  }
  const kept = age < options.spreadUs + options.dormantUs && certificate.sites.includes(at.me);
  return kept ? "dormant" : "expired";
}

/** What an update means beside the certificates. */
export type Meeting =
  /** Nothing is known against it. */
  | { readonly kind: "unknown" }
  /** Written after the delete: take it; the certificate gave way to it. */
  | { readonly kind: "newer" }
  /** Deleted: drop it and show the sender this. */
  | { readonly kind: "obsolete"; readonly certificate: Certificate }
  /** As before, and the certificate was dormant: spread it again. */
  | { readonly kind: "reactivated"; readonly certificate: Certificate };

export type Adoption =
  /** Delete what it cancels, pass it on. */
  | "adopted"
  /** Nothing new in it. */
  | "known"
  /** Its time is over here. */
  | "expired"
  /** From a clock that runs far ahead; offered again later. */
  | "early"
  | "full";

/** The certificates of one site. */
export class Certificates {
  readonly #me: string;
  readonly #options: CertificateOptions;
  readonly #held = new Map<string, Certificate>();

  constructor(me: string, options: CertificateOptions = CERTIFICATE_DEFAULTS) {
    const { spreadUs, dormantUs, capacity } = options;
    assert(Number.isSafeInteger(spreadUs) && spreadUs > 0, `no tau 1: ${spreadUs}`);
    assert(Number.isSafeInteger(dormantUs) && dormantUs >= 0, `no tau 2: ${dormantUs}`);
    assert(Number.isSafeInteger(capacity) && capacity > 0, `no capacity: ${capacity}`);
    this.#me = me;
    this.#options = options;
  }

  get size(): number {
    return this.#held.size;
  }

  /** Whether active or dormant. */
  get(key: string): Certificate | undefined {
    return this.#held.get(key);
  }

  /** Takes one of another site, or a fresh one of this. */
  adopt(certificate: Certificate, now: Micros): Adoption {
    if (isTooEarly(certificate.stamp, now) || certificate.activatedAt > now + MAX_CLOCK_AHEAD_US) {
      return "early";
    }
    if (this.#phase(certificate, now) === "expired") {
      return "expired";
    }
    const held = this.#held.get(certificate.key);
    if (held !== undefined && compareCertificates(held, certificate) >= 0) {
      return "known";
    }
    if (held === undefined && this.#held.size >= this.#options.capacity) {
      return "full";
    }
    this.#held.set(certificate.key, certificate);
    return "adopted";
  }

  /** Shows an update, before it is taken, to the certificate of its key. */
  meet(key: string, stamp: Stamp, now: Micros): Meeting {
    const certificate = this.#held.get(key);
    if (certificate === undefined) {
      return { kind: "unknown" };
    }
    const phase = this.#phase(certificate, now);
    if (phase === "expired") {
      this.#held.delete(key);
      return { kind: "unknown" };
    }
    if (compareStamps(stamp, certificate.stamp) > 0) {
      // The newer value cancels whatever the certificate would have: it takes over from here.
      this.#held.delete(key);
      return { kind: "newer" };
    }
    if (phase === "active") {
      return { kind: "obsolete", certificate };
    }
    const awake = { ...certificate, activatedAt: now };
    this.#held.set(key, awake);
    return { kind: "reactivated", certificate: awake };
  }

  /** Forgets those whose time is over, and says which, in order. To be called now and then. */
  expire(now: Micros): Certificate[] {
    const expired = this.#inPhase("expired", now);
    for (const { key } of expired) {
      this.#held.delete(key);
    }
    return expired;
  }

  /** Those that spread: part of what peers compare. In the order of their keys. */
  active(now: Micros): Certificate[] {
    return this.#inPhase("active", now);
  }

  /** Those kept silently: no part of what peers compare, for most peers rightly lack them. */
  dormant(now: Micros): Certificate[] {
    return this.#inPhase("dormant", now);
  }

  #inPhase(phase: CertificatePhase, now: Micros): Certificate[] {
    return sortedEntries(this.#held)
      .map(([, certificate]) => certificate)
      .filter((certificate) => this.#phase(certificate, now) === phase);
  }

  #phase(certificate: Certificate, now: Micros): CertificatePhase {
    return certificatePhase(certificate, { me: this.#me, now }, this.#options);
  }
}

/** The later delete wins; of copies of one delete the one that began to spread last. */
export function compareCertificates(a: Certificate, b: Certificate): number {
  return (
    compareStamps(a.stamp, b.stamp) ||
    a.activatedAt - b.activatedAt ||
    compareText(a.sites.join("\n"), b.sites.join("\n"))
  );
}
