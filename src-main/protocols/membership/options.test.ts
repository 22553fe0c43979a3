import { describe, expect, it } from "vitest";
import { MEMBERSHIP_LAN, MEMBERSHIP_LOCAL, MEMBERSHIP_WAN, membershipProblems } from "./options.ts";

describe("membership options", () => {
  it("of every profile are without problems", () => {
    for (const profile of [MEMBERSHIP_LAN, MEMBERSHIP_WAN, MEMBERSHIP_LOCAL]) {
      expect(membershipProblems(profile)).toEqual([]);
    }
  });

  it("are those of memberlist and Serf", () => {
    expect(MEMBERSHIP_LAN).toMatchObject({
      suspicionMultiplier: 4,
      suspicionMaxMultiplier: 6,
      retransmitMultiplier: 4,
      gossipIntervalMs: 200,
      gossipNodes: 3,
      syncIntervalMs: 30_000,
      gossipToTheDeadMs: 30_000,
    });
    expect(MEMBERSHIP_WAN).toMatchObject({ suspicionMultiplier: 6, gossipIntervalMs: 500 });
    expect(MEMBERSHIP_LOCAL).toMatchObject({ suspicionMultiplier: 3, retransmitMultiplier: 2 });
  });

  it("are checked all at once", () => {
    const broken = {
      ...MEMBERSHIP_LAN,
      gossipIntervalMs: 0,
      gossipNodes: 1.5,
      suspicionMaxMultiplier: 0.5,
      joinRetryMaxMs: 1,
      observersPerUpdate: 129,
      maxMembers: 10_001,
    };
    expect(membershipProblems(broken)).toHaveLength(6);
    expect(membershipProblems({ ...MEMBERSHIP_LAN, observersPerUpdate: 128 })).toEqual([]);
  });
});
