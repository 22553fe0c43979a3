// Log compaction (Raft section 7).
import { describe, expect, it } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import { RaftWorld } from "./testing/raft-world.ts";
import { Solo } from "./testing/solo.ts";
import type { MessageOf } from "./types.ts";

const SMALL = { snapshotEveryEntries: 10, trailingEntries: 2, snapshotChunkBytes: 32 };

/** A leader alone in its group that took a snapshot, and its chunks for `b`. */
function snapshotting(): { leader: Solo; chunks: MessageOf<"snapshot">[] } {
  const leader = new Solo({ raft: { ...SMALL, maxAppendEntries: 256 } }).lead("c");
  leader.acknowledge("c");
  for (let i = 0; i < 14; i++) {
    leader.propose(`command ${i}`);
    leader.acknowledge("c");
  }
  const reply = { kind: "append-reply", term: 1, life: 1, lost: false } as const;
  const next = leader.status.peers.find(({ node }) => node === "b")?.next ?? 1;
  leader.receive("b", { ...reply, ok: false, rejected: next - 1, hintIndex: 0, hintTerm: 0 });
  const chunks = [];
  for (let mail = leader.sent("snapshot", "b"); mail[0] !== undefined; ) {
    const [chunk] = mail;
    chunks.push(chunk);
    const received = chunk.offset + chunk.data.length;
    const { index } = chunk.meta;
    leader.receive("b", { kind: "snapshot-reply", term: 1, life: 1, lost: false, index, received });
    mail = received < chunk.total ? leader.sent("snapshot", "b") : [];
  }
  return { leader, chunks };
}

describe("taking", () => {
  it("replaces everything on disk by one record, and drops all but the trailing entries", () => {
    const { leader } = snapshotting();
    const { snapshot, first } = leader.status;
    expect(snapshot?.index).toBeGreaterThanOrEqual(10);
    expect(first).toBe((snapshot?.index ?? 0) - 1);
    expect(leader.records[0]).toMatchObject({ kind: "checkpoint", snapshot: { term: 1 } });
  });

  it("keeps term and vote: a restart from it votes no second time", () => {
    const { leader } = snapshotting();
    const after = new Solo({ restore: leader.records, raft: SMALL });
    expect(after.status).toMatchObject({ term: 1, votedFor: "a", last: leader.status.last });
    expect(after.app.entries).toEqual(leader.app.entries.slice(0, after.app.entries.length));
    expect(after.status.applied).toBe(after.status.snapshot?.index);
  });

  it("keeps what comes behind it, committed or not", () => {
    const solo = new Solo({ raft: { ...SMALL, snapshotEveryEntries: 3 } });
    solo.appendFrom("b", 1, { terms: [1, 1, 1, 1, 1], commit: 3 });
    const after = new Solo({ restore: solo.records });
    expect(after.status).toMatchObject({ first: 4, last: 5, committed: 3 });
  });
});

describe("sending", () => {
  it("begins when the next entry is compacted away, and goes chunk by chunk", () => {
    const { leader, chunks } = snapshotting();
    expect(chunks.length).toBeGreaterThan(3);
    expect(chunks.every(({ data }) => data.length <= 32)).toBe(true);
    expect(leader.status.peers.find(({ node }) => node === "b")?.state).toBe("snapshot");
  });

  it("success leaves the snapshot state, and replication goes on behind it", () => {
    const { leader, chunks } = snapshotting();
    const match = chunks[0]?.meta.index ?? 0;
    leader.receive("b", {
      kind: "append-reply",
      ok: true,
      match,
      term: 1,
      life: 1,
      lost: false,
    });
    expect(leader.status.peers.find(({ node }) => node === "b")?.state).toBe("replicate");
    expect(leader.sent("append", "b")).toMatchObject([{ prevIndex: match }]);
  });

  it("failure leaves it too: what the member had is gone, so it is probed again", () => {
    const { leader, chunks } = snapshotting();
    const { index } = chunks[0]?.meta ?? { index: 0 };
    leader.receive("b", {
      kind: "snapshot-reply",
      term: 1,
      life: 1,
      lost: false,
      index,
      received: 0,
    });
    expect(leader.status.peers.find(({ node }) => node === "b")?.state).toBe("probe");
  });

  it("a rejection of an old append does not end it", () => {
    const { leader } = snapshotting();
    const reply = { kind: "append-reply", term: 1, life: 1, lost: false } as const;
    leader.receive("b", { ...reply, ok: false, rejected: 3, hintIndex: 0, hintTerm: 0 });
    expect(leader.status.peers.find(({ node }) => node === "b")?.state).toBe("snapshot");
  });
});

describe("installing", () => {
  it("takes state, configuration and place in the log from it, on disk before the answer", () => {
    const { leader, chunks } = snapshotting();
    const solo = new Solo({ self: "b", members: ["a", "b"] });
    for (const chunk of chunks) {
      solo.receive("a", chunk);
    }
    const { index } = chunks[0]?.meta ?? { index: 0 };
    expect(solo.letters).toMatchObject([{ behind: 1, message: { ok: true, match: index } }]);
    expect(solo.status).toMatchObject({ committed: index, applied: index, voters: [..."abc"] });
    expect(solo.app.entries).toEqual(leader.app.entries.slice(0, solo.app.entries.length));
    expect(solo.records).toMatchObject([{ kind: "checkpoint", hard: { term: 1 } }]);
  });

  it("tells how much it has, so that another leader goes on where this one stopped", () => {
    const { chunks } = snapshotting();
    const solo = new Solo({ self: "b" });
    const [first, second] = chunks;
    solo.receive("a", first as MessageOf<"snapshot">);
    expect(solo.sent("snapshot-reply")).toMatchObject([{ received: 32 }]);
    solo.receive("c", { ...(first as MessageOf<"snapshot">), term: 2 });
    expect(solo.sent("snapshot-reply")).toMatchObject([{ received: 32 }]);
    solo.receive("c", { ...(second as MessageOf<"snapshot">), term: 2 });
    expect(solo.sent("snapshot-reply")).toMatchObject([{ received: 64 }]);
  });

  it("a chunk twice, or too early, changes nothing", () => {
    const { chunks } = snapshotting();
    const solo = new Solo({ self: "b" });
    for (const chunk of [chunks[0], chunks[0], chunks[3]]) {
      solo.receive("a", chunk as MessageOf<"snapshot">);
    }
    expect(solo.sent("snapshot-reply")).toMatchObject([{ received: 32 }]);
  });

  it("a stale one is ignored", () => {
    const { chunks } = snapshotting();
    const index = chunks[0]?.meta.index ?? 0;
    const solo = new Solo({ self: "b" });
    const terms = Array.from({ length: index + 3 }, () => 1);
    solo.appendFrom("a", 1, { terms, commit: index + 2 });
    const before = solo.records.length;
    for (const chunk of chunks) {
      solo.receive("a", chunk);
    }
    expect(solo.records).toHaveLength(before);
    expect(solo.status).toMatchObject({ last: index + 3, committed: index + 2 });
    expect(solo.sent("append-reply")).toMatchObject([{ ok: true, match: index + 2 }]);
  });

  it("a log that contains its last entry keeps what follows", () => {
    const { chunks } = snapshotting();
    const index = chunks[0]?.meta.index ?? 0;
    const solo = new Solo({ self: "b" });
    solo.appendFrom("a", 1, { terms: Array.from({ length: index + 3 }, () => 1) });
    solo.receive("a", chunks[0] as MessageOf<"snapshot">);
    expect(solo.status).toMatchObject({ last: index + 3, committed: index });
  });

  it("bytes that are no snapshot change nothing, and are asked for again", () => {
    const { chunks } = snapshotting();
    const solo = new Solo({ self: "b" });
    for (const chunk of chunks) {
      solo.receive("a", { ...chunk, data: chunk.data.map(() => 255) });
    }
    expect(solo.happened("rejected")).toHaveLength(1);
    expect(solo.sent("snapshot-reply")).toMatchObject([{ received: 0 }]);
    expect(solo.status).toMatchObject({ committed: 0, last: 0 });
  });

  it("one that is too large is rejected before it is collected", () => {
    const { chunks } = snapshotting();
    const solo = new Solo({ self: "b", raft: { maxSnapshotBytes: 50 } });
    solo.receive("a", chunks[0] as MessageOf<"snapshot">);
    expect(solo.happened("rejected")).toHaveLength(1);
  });
});

describe("in a group", () => {
  it("a member that was away long catches up by a snapshot, and executes nothing twice", () => {
    const world = new RaftWorld({ seed: 2, members: [..."abc"], raft: SMALL });
    world.runFor(seconds(1));
    const away = [..."abc"].find((node) => node !== world.leader()) ?? "";
    world.crash(away);
    const others = [..."abc"].filter((node) => node !== away);
    for (let i = 0; i < 60; i++) {
      world.propose(others[i % 2] ?? "", `c${i}`);
      world.runFor(10_000);
    }
    world.start(away);
    world.runFor(seconds(2));
    expect(world.of("snapshot", away).some(({ event }) => event.how === "installed")).toBe(true);
    expect(world.app(away).entries).toEqual(world.app(others[0] ?? "").entries);
    expect(world.app(away).entries).toHaveLength(60);
  });

  it("sessions are part of it: a copy of a command that it covers is not executed again", () => {
    const { leader } = snapshotting();
    const after = new Solo({ restore: leader.records, raft: SMALL }).lead("b");
    after.acknowledge("b");
    const before = after.app.entries.length;
    const client = `a/${(1_001).toString(36)}@2`;
    const command = new Uint8Array([120]);
    after.receive("b", {
      kind: "forward",
      commands: [{ client, sequence: 14, answered: 0, command }],
    });
    after.acknowledge("b");
    expect(after.app.entries).toHaveLength(before);
    expect(after.sent("answer", "b")).toMatchObject([{ sequence: 14, outcome: "result" }]);
  });
});
