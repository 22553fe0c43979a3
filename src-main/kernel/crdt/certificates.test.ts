// Demers et al. 1987, section 2, claim by claim, on a few sites that exchange all they have.
import { describe, expect, test } from "vitest";
import { type Micros, seconds } from "../time.ts";
import { DecodeError, WireReader, WireWriter } from "../wire.ts";
import { type Certificate, certificatePhase, Certificates } from "./certificates.ts";
import { MAX_CLOCK_AHEAD_US } from "./limits.ts";
import { certificateCodec, certify, retentionSites } from "./retention.ts";
import { compareStamps, type Stamp } from "./stamp.ts";

const SPREAD = seconds(100);
const DORMANT = seconds(1_000);
const OPTIONS = { spreadUs: SPREAD, dormantUs: DORMANT, capacity: 100 };
const START = seconds(10_000);
const NODES = ["a", "b", "c", "d", "e"];

const stamp = (at: Micros, node = "a"): Stamp => ({ at, node });
const certificateOf = (key: string, at: Micros, siteCount = 2): Certificate =>
  certify({ key, stamp: stamp(at), now: at, members: NODES, siteCount });

/** A site with a value per key, given by its stamp; anti-entropy shows everything to the other. */
class Site {
  readonly values = new Map<string, Stamp>();
  readonly certificates: Certificates;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.certificates = new Certificates(name, OPTIONS);
  }

  bury(certificate: Certificate, now: Micros): void {
    const value = this.values.get(certificate.key);
    // What is newer here is not told to the certificate: it wins when they meet.
    if (value !== undefined && compareStamps(value, certificate.stamp) > 0) {
      return;
    }
    const adoption = this.certificates.adopt(certificate, now);
    if (adoption === "adopted" || adoption === "known") {
      this.values.delete(certificate.key);
    }
  }

  offer(key: string, written: Stamp, now: Micros): void {
    const meeting = this.certificates.meet(key, written, now);
    const mine = this.values.get(key);
    if (meeting.kind === "newer" || meeting.kind === "unknown") {
      if (mine === undefined || compareStamps(written, mine) > 0) {
        this.values.set(key, written);
      }
    }
  }

  syncWith(other: Site, now: Micros): void {
    for (let i = 0; i < 2; i++) {
      for (const [from, to] of [[this, other] as const, [other, this] as const]) {
        for (const certificate of from.certificates.active(now)) {
          to.bury(certificate, now);
        }
        for (const [key, written] of from.values) {
          to.offer(key, written, now);
        }
      }
    }
  }
}

function sites(): Site[] {
  return NODES.map((name) => new Site(name));
}

function syncAll(all: readonly Site[], now: Micros): void {
  for (const one of all) {
    for (const other of all) {
      if (one !== other) {
        one.syncWith(other, now);
      }
    }
  }
}

function holders(all: readonly Site[], key = "k"): string {
  return all
    .filter((site) => site.values.has(key))
    .map((site) => site.name)
    .join("");
}

function firstOf(all: readonly Site[]): Site {
  const [first] = all;
  if (first === undefined) {
    throw new Error("no site");
  }
  return first;
}

describe("deletes", () => {
  test("by absence resurrect with the next peer that still has the item", () => {
    const all = sites();
    all.forEach((site) => site.offer("k", stamp(START), START));
    firstOf(all).values.delete("k");
    syncAll(all, START);
    expect(holders(all)).toBe("abcde");
  });

  test("by certificate reach everybody and stay", () => {
    const all = sites();
    all.forEach((site) => site.offer("k", stamp(START), START));
    firstOf(all).bury(certificateOf("k", START + 1), START + 1);
    syncAll(all, START + 2);
    expect(holders(all)).toBe("");
    expect(all.map((site) => site.certificates.size)).toEqual([1, 1, 1, 1, 1]);
  });

  test("after tau 1 only the retention sites keep the certificate, until tau 1 + tau 2", () => {
    const all = sites();
    const certificate = certificateOf("k", START);
    all.forEach((site) => site.bury(certificate, START));
    const keeping = (now: Micros): string => {
      all.forEach((site) => site.certificates.expire(now));
      return all
        .filter((site) => site.certificates.size > 0)
        .map((site) => site.name)
        .join("");
    };
    expect(certificate.sites).toHaveLength(2);
    expect(keeping(START + SPREAD - 1)).toBe("abcde");
    expect(keeping(START + SPREAD)).toBe(certificate.sites.join(""));
    expect(all.flatMap((site) => site.certificates.active(START + SPREAD))).toEqual([]);
    expect(all.flatMap((site) => site.certificates.dormant(START + SPREAD))).toHaveLength(2);
    expect(keeping(START + SPREAD + DORMANT - 1)).toBe(certificate.sites.join(""));
    expect(keeping(START + SPREAD + DORMANT)).toBe("");
  });

  test("a dormant certificate that meets an obsolete update wakes up and spreads again", () => {
    const all = sites();
    const certificate = certificateOf("k", START);
    // One site was away with the old item all the time.
    const late = all.find((site) => !certificate.sites.includes(site.name));
    all.filter((site) => site !== late).forEach((site) => site.bury(certificate, START));
    late?.values.set("k", stamp(START - 1));
    const now = START + SPREAD + 5;
    all.forEach((site) => site.certificates.expire(now));
    syncAll(all, now);
    syncAll(all, now);
    expect(holders(all)).toBe("");
    const awake = firstOf(all).certificates.get("k");
    expect(awake).toEqual({ ...certificate, activatedAt: now });
  });

  test("without dormant copies it would have come back", () => {
    const all = sites();
    const nobody = { ...certificateOf("k", START), sites: [] };
    all.slice(1).forEach((site) => site.bury(nobody, START));
    firstOf(all).values.set("k", stamp(START - 1));
    const now = START + SPREAD + 5;
    all.forEach((site) => site.certificates.expire(now));
    syncAll(all, now);
    expect(holders(all)).toBe("abcde");
  });

  test("waking up keeps the ordinary time: a value written after the delete survives", () => {
    const all = sites();
    const certificate = certificateOf("k", START);
    all.forEach((site) => site.bury(certificate, START));
    const site = all.find((one) => certificate.sites.includes(one.name));
    const now = START + SPREAD + 5;
    const waking = site?.certificates.meet("k", stamp(START - 1), now);
    expect(waking).toMatchObject({
      kind: "reactivated",
      certificate: { stamp: certificate.stamp, activatedAt: now },
    });
    expect(site?.certificates.meet("k", stamp(START + SPREAD), now)).toEqual({ kind: "newer" });
    expect(site?.certificates.get("k")).toBeUndefined();
  });
});

describe("one certificate", () => {
  const held = (siteCount = 2): Certificates => {
    const certificates = new Certificates("a", OPTIONS);
    certificates.adopt(certificateOf("k", START, siteCount), START);
    return certificates;
  };

  test("cancels what is older or the very write it names, and shows itself to the sender", () => {
    const certificate = certificateOf("k", START);
    expect(held().meet("k", stamp(START - 1), START)).toEqual({ kind: "obsolete", certificate });
    expect(held().meet("k", stamp(START), START)).toEqual({ kind: "obsolete", certificate });
    expect(held().meet("other", stamp(START - 1), START)).toEqual({ kind: "unknown" });
  });

  test("is no longer heeded when its time is over, even before somebody cleans up", () => {
    const certificates = new Certificates("a", OPTIONS);
    certificates.adopt({ ...certificateOf("k", START), sites: ["b"] }, START);
    expect(certificates.meet("k", stamp(START - 1), START + SPREAD)).toEqual({ kind: "unknown" });
  });

  test("of a later delete replaces that of an earlier one, and not the other way round", () => {
    const certificates = held();
    const later = certificateOf("k", START + 10);
    expect(certificates.adopt(later, START + 10)).toBe("adopted");
    expect(certificates.adopt(certificateOf("k", START), START + 10)).toBe("known");
    expect(certificates.get("k")).toEqual(later);
  });

  test("that was woken up elsewhere is adopted: its life begins anew here as well", () => {
    const certificates = held();
    const awake = { ...certificateOf("k", START), activatedAt: START + 7 };
    expect(certificates.adopt(awake, START + 7)).toBe("adopted");
    expect(certificates.adopt(awake, START + 7)).toBe("known");
  });

  test("whose time is over is not taken up again from a peer that is slow to forget", () => {
    const certificates = new Certificates("a", OPTIONS);
    const old = { ...certificateOf("k", START), sites: ["b"] };
    expect(certificates.adopt(old, START + SPREAD)).toBe("expired");
  });

  test("from a clock far ahead has to wait: it would cancel all that is written meanwhile", () => {
    const certificates = new Certificates("a", OPTIONS);
    const ahead = certificateOf("k", START + MAX_CLOCK_AHEAD_US + 1);
    expect(certificates.adopt(ahead, START)).toBe("early");
    const waking = { ...certificateOf("k", START), activatedAt: START + MAX_CLOCK_AHEAD_US + 1 };
    expect(certificates.adopt(waking, START)).toBe("early");
  });

  test("beyond the capacity is refused instead of forgetting another", () => {
    const certificates = new Certificates("a", { ...OPTIONS, capacity: 1 });
    expect(certificates.adopt(certificateOf("k", START), START)).toBe("adopted");
    expect(certificates.adopt(certificateOf("l", START), START)).toBe("full");
    expect(certificates.adopt(certificateOf("k", START + 1), START + 1)).toBe("adopted");
  });

  test("is active, dormant or expired by its age and by who asks", () => {
    const certificate = { ...certificateOf("k", START), sites: ["a"] };
    const phase = (me: string, age: Micros) =>
      certificatePhase(certificate, { me, now: START + age }, OPTIONS);
    expect(phase("b", -5)).toBe("active");
    expect([phase("a", SPREAD), phase("b", SPREAD)]).toEqual(["dormant", "expired"]);
    expect(phase("a", SPREAD + DORMANT)).toBe("expired");
  });
});

describe("retention sites", () => {
  test("are the same at every node, however it lists the members", () => {
    const members = Array.from({ length: 20 }, (_, i) => `n${i}`);
    expect(retentionSites("k", members.toReversed(), 3)).toEqual(retentionSites("k", members, 3));
    expect(retentionSites("k", ["b", "a"], 3)).toEqual(["a", "b"]);
  });

  test("spread over all members", () => {
    const members = Array.from({ length: 10 }, (_, i) => `n${i}`);
    const load = new Map<string, number>();
    for (let i = 0; i < 1_000; i++) {
      for (const site of retentionSites(`key-${i}`, members, 3)) {
        load.set(site, (load.get(site) ?? 0) + 1);
      }
    }
    // 300 expected each, binomial: five standard deviations are 72.
    for (const member of members) {
      expect(Math.abs((load.get(member) ?? 0) - 300)).toBeLessThan(72);
    }
  });
});

describe("certificates on the wire", () => {
  test("read back as themselves; sites out of order are not ours", () => {
    const certificate = certificateOf("ключ", START);
    expect(roundTrip(certificate)).toEqual(certificate);
    expect(() => roundTrip({ ...certificate, sites: ["b", "a"] })).toThrow(DecodeError);
    expect(() => roundTrip({ ...certificate, sites: ["a", "a"] })).toThrow(DecodeError);
  });
});

function roundTrip(certificate: Certificate): Certificate {
  const writer = new WireWriter();
  certificateCodec.encode(writer, certificate);
  return certificateCodec.decode(new WireReader(writer.finish()));
}
