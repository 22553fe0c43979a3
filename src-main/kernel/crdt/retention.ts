/** Which sites keep the dormant certificate of a key, and certificates on the wire. */
import { assert } from "../assert.ts";
import { hashString, mix32 } from "../hash.ts";
import type { Micros } from "../time.ts";
import { type Codec, DecodeError } from "../wire.ts";
import { decodeList, decodeNode, encodeList } from "../wire-lists.ts";
import { compareText } from "./canonical.ts";
import type { Certificate } from "./certificates.ts";
import { MAX_KEY_BYTES, MAX_RETENTION_SITES } from "./limits.ts";
import { decodeStamp, encodeStamp, type Stamp } from "./stamp.ts";

/** With four sites of which each is gone for good with 5 %, one delete in 160,000 is lost. */
export const DEFAULT_RETENTION_SITES = 4;

/**
 * `count` members, or all when there are fewer, in order. Each member draws a number from its name
 * and the key, and the highest win: every node that knows the same members chooses the same, and
 * the load spreads over all of them.
 */
export function retentionSites(
  key: string,
  members: readonly string[],
  count: number = DEFAULT_RETENTION_SITES,
): readonly string[] {
  assert(count >= 1 && count <= MAX_RETENTION_SITES, `no number of sites: ${count}`);
  const draws = [...new Set(members)]
    .map((member) => ({ member, draw: mix32(hashString(member, mix32(hashString(key)))) }))
    .sort((a, b) => b.draw - a.draw || compareText(a.member, b.member));
  return draws
    .slice(0, count)
    .map(({ member }) => member)
    .sort(compareText);
}

export interface Burial {
  readonly key: string;
  readonly stamp: Stamp;
  readonly now: Micros;
  readonly members: readonly string[];
  readonly siteCount?: number;
}

/** The certificate of a delete. `stamp` must be newer than that of what is deleted. */
export function certify(burial: Burial): Certificate {
  const { key, stamp, now, members, siteCount = DEFAULT_RETENTION_SITES } = burial;
  return { key, stamp, activatedAt: now, sites: retentionSites(key, members, siteCount) };
}

export const certificateCodec: Codec<Certificate> = {
  encode(writer, certificate) {
    writer.string(certificate.key);
    encodeStamp(writer, certificate.stamp);
    writer.varint(certificate.activatedAt);
    encodeList(writer, certificate.sites, (to, site) => to.string(site));
  },
  decode(reader) {
    const key = reader.string(MAX_KEY_BYTES);
    const stamp = decodeStamp(reader);
    const activatedAt = reader.varint();
    const sites = decodeList(reader, MAX_RETENTION_SITES, decodeNode);
    if (sites.some((site, i) => i > 0 && (sites[i - 1] ?? "") >= site)) {
      throw new DecodeError("retention sites must rise");
    }
    return { key, stamp, activatedAt, sites };
  },
};
