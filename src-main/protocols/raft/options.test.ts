import { describe, expect, it } from "vitest";
import { RAFT_DEFAULTS, RAFT_WAN, type RaftOptions, validateRaftOptions } from "./options.ts";
import { Solo } from "./testing/solo.ts";

describe("raft options", () => {
  it("the profiles are valid", () => {
    expect(validateRaftOptions(RAFT_DEFAULTS)).toEqual([]);
    expect(validateRaftOptions(RAFT_WAN)).toEqual([]);
  });

  it.each<[string, Partial<RaftOptions>]>([
    ["electionTimeoutMinMs", { electionTimeoutMinMs: 0 }],
    ["electionTimeoutMaxMs", { electionTimeoutMaxMs: 100 }],
    ["heartbeatIntervalMs", { heartbeatIntervalMs: 100 }],
    ["heartbeatIntervalMs", { heartbeatIntervalMs: Number.NaN }],
    ["maxAppendEntries", { maxAppendEntries: 1.5 }],
    ["maxCommandBytes", { maxCommandBytes: 1e9 }],
    ["maxPendingRequests", { maxPendingRequests: 129 }],
    ["sessionExpiryMs", { sessionExpiryMs: 2_000 }],
  ])("%s is checked: %j", (name, change) => {
    const problems = validateRaftOptions({ ...RAFT_DEFAULTS, ...change });
    expect(problems.join()).toContain(name);
    expect(() => new Solo({ raft: change })).toThrow(name);
  });

  it("all problems are told at once", () => {
    const broken = { ...RAFT_DEFAULTS, maxAppendBytes: 0, maxSessions: 0, retryIntervalMs: 0 };
    expect(validateRaftOptions(broken)).toHaveLength(3);
  });
});
