import { describe, expect, it } from "vitest";
import { SESSION_DEFAULTS } from "#main/kernel/sessions.ts";
import { AppendLog, toBytes, toText } from "#main/kernel/testing/append-log.ts";
import { batchDigest, NULL_BATCH, NULL_DIGEST } from "./digest.ts";
import { ReplicatedState } from "./state.ts";
import { signAs } from "./testing/pbft-mesh.ts";
import type { Request } from "./types.ts";

function request(
  life: number,
  sequence: number,
  text = "",
  change: Partial<Request> = {},
): Request {
  const operation = sequence === 0 ? "open" : "command";
  const head = { type: "request", view: 0, sequence, sender: "c", life, answered: 0 } as const;
  return signAs("c", { ...head, operation, payload: toBytes(text), ...change });
}

class Bench {
  readonly app = new AppendLog();
  readonly state = new ReplicatedState(this.app, { ...SESSION_DEFAULTS, maxUnanswered: 4 });

  run(time: number, ...requests: Request[]) {
    const batch = { time, requests };
    return this.state.execute(batch, batchDigest(batch)).map(({ reply }) => reply);
  }
}

describe("exactly once", () => {
  it("a repeated request gets its first answer, from the number where it was executed", () => {
    const bench = new Bench();
    bench.run(1, request(1, 0));
    const [first] = bench.run(2, request(1, 1, "a"));
    const [again] = bench.run(3, request(1, 1, "a"));
    expect(first).toMatchObject({ verdict: "result", sequence: 2, result: toBytes("1") });
    expect(again).toEqual(first);
    expect(bench.state.recall(request(1, 1, "a"))).toEqual(first);
    expect(bench.app.entries).toEqual(["a"]);
  });

  it("the same request twice in one batch is executed once", () => {
    const bench = new Bench();
    bench.run(1, request(1, 0), request(1, 1, "a"), request(1, 1, "a"));
    expect(bench.app.entries).toEqual(["a"]);
  });

  it("replaying the signed opening of an ended session revives nothing", () => {
    const bench = new Bench();
    const old = [request(1, 0), request(1, 1, "pay")];
    bench.run(1, ...old);
    bench.run(2, request(2, 0));
    const replies = bench.run(3, ...old);
    expect(replies.map(({ verdict }) => verdict)).toEqual(["expired", "expired"]);
    expect(bench.app.entries).toEqual(["pay"]);
  });

  it("nor when the session ended by itself, long ago in log time", () => {
    const bench = new Bench();
    const old = [request(1, 0), request(1, 1, "pay")];
    bench.run(1, ...old);
    const other = request(1, 0, "", { sender: "d" });
    bench.run(SESSION_DEFAULTS.expireAfterMs * 1_000 + 2_000_000, other);
    expect(bench.run(2, ...old).map(({ verdict }) => verdict)).toEqual(["expired", "expired"]);
    expect(bench.state.recall(request(1, 1, "pay"))).toMatchObject({ verdict: "expired" });
    expect(bench.app.entries).toEqual(["pay"]);
  });

  it("a command without a session is not executed", () => {
    const bench = new Bench();
    expect(bench.run(1, request(1, 1, "a"))).toMatchObject([{ verdict: "expired" }]);
    expect(bench.app.entries).toEqual([]);
  });

  it("too many unanswered commands are refused until the client says what it got", () => {
    const bench = new Bench();
    bench.run(1, request(1, 0));
    for (let i = 1; i <= 4; i++) {
      bench.run(i, request(1, i, `c${i}`));
    }
    expect(bench.run(5, request(1, 5, "c5"))).toMatchObject([{ verdict: "too-many" }]);
    expect(bench.run(6, request(1, 5, "c5", { answered: 4 }))).toMatchObject([
      { verdict: "result" },
    ]);
    expect(bench.run(7, request(1, 2, "c2"))).toMatchObject([{ verdict: "expired" }]);
  });
});

describe("what is replicated", () => {
  it("log time never goes backwards, whatever the batches say", () => {
    const bench = new Bench();
    bench.run(5, request(1, 0));
    bench.run(9, request(1, 1, "a"));
    bench.run(3, request(1, 2, "b"));
    expect(bench.app.times).toEqual([9, 9]);
  });

  it("a null request does nothing but take its number", () => {
    const bench = new Bench();
    expect(bench.state.execute(NULL_BATCH, NULL_DIGEST)).toEqual([]);
    expect(bench.state.sequence).toBe(1);
  });

  it("reads are answered without changing the state, and from the cache when repeated", () => {
    const bench = new Bench();
    bench.run(1, request(1, 0), request(1, 1, "a"));
    const read = request(1, 2, "all", { operation: "read" });
    const [first] = bench.run(2, read);
    bench.run(3, request(1, 3, "b"));
    expect(toText(first?.result ?? new Uint8Array(0))).toBe("a");
    expect(bench.run(4, read)).toEqual([first]);
    expect(bench.app.entries).toEqual(["a", "b"]);
  });

  it("a snapshot holds all of it, byte for byte, and damaged ones change nothing", () => {
    const [one, two] = [new Bench(), new Bench()];
    one.run(1, request(1, 0), request(1, 1, "a"));
    const snapshot = one.state.snapshot();
    two.state.restore(snapshot);
    expect(two.state.snapshot()).toEqual(snapshot);
    expect(two.state.hash).toBe(one.state.hash);
    expect(two.run(2, request(1, 1, "a"))).toEqual(one.run(2, request(1, 1, "a")));
    const before = two.state.snapshot();
    expect(() => two.state.restore(snapshot.subarray(0, snapshot.length - 1))).toThrow();
    expect(two.state.snapshot()).toEqual(before);
  });

  it("the hash tells states apart that were reached by other requests", () => {
    const [one, two] = [new Bench(), new Bench()];
    one.run(1, request(1, 0), request(1, 1, "a"));
    two.run(1, request(1, 0), request(1, 1, "b"));
    expect(one.state.hash).not.toBe(two.state.hash);
  });
});
