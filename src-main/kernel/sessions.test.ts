// Ongaro's dissertation, section 6.3: what a session table has to guarantee, and what goes wrong.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "./assert.ts";
import {
  MAX_CLIENT_BYTES,
  MAX_COMMAND_BYTES,
  type SessionCommand,
  sessionCommandCodec,
  type SessionOptions,
  type SessionResult,
  Sessions,
} from "./sessions.ts";
import { AppendLog, toBytes, toText } from "./testing/append-log.ts";
import { type Micros, ms, seconds } from "./time.ts";
import { DecodeError, WireReader, WireWriter } from "./wire.ts";

class Bench {
  readonly app = new AppendLog();
  readonly sessions: Sessions;
  time: Micros = seconds(1);
  #index = 0;

  constructor(options: Partial<SessionOptions> = {}) {
    const defaults = { maxSessions: 8, expireAfterMs: 1_000, maxUnanswered: 3 };
    this.sessions = new Sessions(this.app, { ...defaults, ...options });
  }

  apply(client: string, sequence: number, text = `${client}${sequence}`, answered = 0) {
    const command: SessionCommand = { client, sequence, answered, command: toBytes(text) };
    return this.sessions.apply(command, { index: ++this.#index, time: this.time });
  }
}

function resultOf(result: SessionResult): string {
  return result.kind === "result" ? toText(result.result) : result.kind;
}

describe("exactly once", () => {
  it("what was answered before a snapshot is not executed again after it", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    bench.apply("a", 1);
    bench.apply("a", 2, "a2", 1);
    const restored = new Bench();
    restored.sessions.restore(bench.sessions.snapshot());
    expect(restored.apply("a", 1)).toEqual({ kind: "expired" });
    expect(restored.app.entries).toEqual(["a1", "a2"]);
  });

  it("a repeated command is answered with the first answer and not executed again", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    expect(bench.apply("a", 1)).toEqual({ kind: "result", result: toBytes("1"), repeated: false });
    bench.apply("a", 2);
    expect(bench.apply("a", 1)).toEqual({ kind: "result", result: toBytes("1"), repeated: true });
    expect(bench.app.entries).toEqual(["a1", "a2"]);
  });

  it("holds for commands that arrive in another order", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    for (const sequence of [2, 1, 2, 1]) {
      bench.apply("a", sequence);
    }
    expect(bench.app.entries).toEqual(["a2", "a1"]);
  });

  it("clients do not share numbers", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    bench.apply("b", 0);
    expect([resultOf(bench.apply("a", 1)), resultOf(bench.apply("b", 1))]).toEqual(["1", "2"]);
  });

  it("opening a session again forgets nothing", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    bench.apply("a", 1);
    bench.apply("a", 0);
    expect(bench.apply("a", 1)).toMatchObject({ repeated: true });
    expect(bench.app.entries).toEqual(["a1"]);
  });

  it("an answer that was received is dropped, and its command is an error from then on", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    bench.apply("a", 1);
    bench.apply("a", 2, "a2", 1);
    expect(bench.apply("a", 1)).toEqual({ kind: "expired" });
    expect(bench.app.entries).toEqual(["a1", "a2"]);
  });

  it("an older word about received answers takes nothing back", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    bench.apply("a", 1);
    bench.apply("a", 2, "a2", 1);
    bench.apply("a", 3, "a3", 0);
    expect(bench.apply("a", 1)).toEqual({ kind: "expired" });
    expect(bench.apply("a", 2)).toMatchObject({ repeated: true });
  });

  it("a command that calls itself answered is an error and is not executed", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    expect(bench.apply("a", 5, "lie", 5)).toEqual({ kind: "expired" });
    expect(bench.app.entries).toEqual([]);
  });
});

describe("expiry", () => {
  it("a command without a session is an error and is not executed", () => {
    const bench = new Bench();
    expect(bench.apply("ghost", 1)).toEqual({ kind: "expired" });
    expect(bench.app.entries).toEqual([]);
    expect(bench.sessions.size).toBe(0);
  });

  it("is by log time: a silent session is forgotten, its commands are errors, not done again", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    bench.apply("a", 1);
    bench.time += ms(1_000);
    expect(bench.apply("a", 1)).toMatchObject({ repeated: true });
    bench.time += ms(1_000) + 1;
    expect(bench.apply("a", 1)).toEqual({ kind: "expired" });
    expect(bench.app.entries).toEqual(["a1"]);
  });

  it("does not touch a session that speaks, whatever its answers say", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    for (let i = 0; i < 10; i++) {
      bench.time += ms(900);
      bench.apply("a", 1);
    }
    expect(bench.sessions.size).toBe(1);
  });

  it("over the limit the one that was silent longest goes", () => {
    const bench = new Bench({ maxSessions: 2 });
    bench.apply("a", 0);
    bench.apply("b", 0);
    bench.apply("a", 1);
    bench.apply("c", 0);
    expect(bench.apply("b", 1)).toEqual({ kind: "expired" });
    expect(bench.apply("a", 1)).toMatchObject({ repeated: true });
    expect(bench.sessions.size).toBe(2);
  });
});

describe("limits", () => {
  it("too many unanswered commands are refused, and go on when answers were received", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    [1, 2, 3].forEach((sequence) => bench.apply("a", sequence));
    expect(bench.apply("a", 4)).toEqual({ kind: "too-many" });
    expect(bench.app.entries).toHaveLength(3);
    expect(bench.apply("a", 2)).toMatchObject({ repeated: true });
    expect(bench.apply("a", 4, "a4", 1)).toMatchObject({ repeated: false });
  });

  it("what was refused for that may be tried again: it was not executed", () => {
    const bench = new Bench({ maxUnanswered: 1 });
    bench.apply("a", 0);
    bench.apply("a", 1);
    bench.apply("a", 2);
    expect(bench.apply("a", 2, "a2", 1)).toMatchObject({ kind: "result", repeated: false });
    expect(bench.app.entries).toEqual(["a1", "a2"]);
  });

  it("tables without room are a bug of the caller", () => {
    expect(() => new Bench({ maxSessions: 0 })).toThrow(AssertionError);
    expect(() => new Bench({ maxUnanswered: 0 })).toThrow(AssertionError);
  });
});

const step = fc.record({
  client: fc.constantFrom("a", "b", "c", "d"),
  sequence: fc.nat(6),
  answered: fc.nat(3),
  pause: fc.nat(400),
});

describe("snapshots", () => {
  it("a replica that starts from one goes on like the one that wrote it", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.array(step, { maxLength: 20 }),
        (before, after) => {
          const options = { maxSessions: 3, maxUnanswered: 2 };
          const [old, fresh] = [new Bench(options), new Bench(options)];
          for (const { client, sequence, answered, pause } of before) {
            old.time += ms(pause);
            old.apply(client, sequence, "x", answered);
          }
          fresh.sessions.restore(old.sessions.snapshot());
          fresh.time = old.time;
          for (const { client, sequence, answered, pause } of after) {
            old.time += ms(pause);
            fresh.time = old.time;
            expect(fresh.apply(client, sequence, "x", answered)).toEqual(
              old.apply(client, sequence, "x", answered),
            );
          }
          expect(fresh.sessions.snapshot()).toEqual(old.sessions.snapshot());
          expect(fresh.app.entries).toEqual(old.app.entries);
        },
      ),
    );
  });

  it("are canonical: the order in which answers came does not show", () => {
    const [one, two] = [new Bench(), new Bench()];
    one.apply("a", 0);
    two.apply("a", 0);
    one.apply("a", 1, "x");
    one.apply("a", 2, "x");
    two.apply("a", 2, "x");
    two.apply("a", 1, "x");
    const answers = (bench: Bench) =>
      [1, 2].map((sequence) => resultOf(bench.apply("a", sequence)));
    expect(answers(one)).toEqual(["1", "2"]);
    expect(answers(two)).toEqual(["2", "1"]);
    one.sessions.restore(two.sessions.snapshot());
    expect(one.sessions.snapshot()).toEqual(two.sessions.snapshot());
  });

  it("shortened, lengthened or doubled ones are refused, and nothing changes", () => {
    const bench = new Bench();
    bench.apply("a", 0);
    bench.apply("a", 1);
    const before = bench.sessions.snapshot();
    for (let length = 0; length < before.length; length++) {
      expect(() => bench.sessions.restore(before.subarray(0, length))).toThrow(DecodeError);
    }
    expect(() => bench.sessions.restore(Uint8Array.from([...before, 0]))).toThrow(DecodeError);
    expect(() => bench.sessions.restore(twoOfOneClient())).toThrow(DecodeError);
    expect(bench.sessions.snapshot()).toEqual(before);
  });

  it("of more sessions than there is room for are refused", () => {
    const [large, small] = [new Bench({ maxSessions: 3 }), new Bench({ maxSessions: 2 })];
    ["a", "b", "c"].forEach((client) => large.apply(client, 0));
    expect(() => small.sessions.restore(large.sessions.snapshot())).toThrow(DecodeError);
  });

  it("can be read however large an answer was", () => {
    const [old, fresh] = [new Sessions(new LargeAnswers()), new Sessions(new LargeAnswers())];
    const command = { client: "a", answered: 0, command: toBytes("x") };
    old.apply({ ...command, sequence: 0 }, { index: 1, time: 0 });
    old.apply({ ...command, sequence: 1 }, { index: 2, time: 0 });
    fresh.restore(old.snapshot());
    expect(fresh.snapshot()).toEqual(old.snapshot());
  });

  it("whose sessions are not in the order of their last use are refused", () => {
    const bench = new Bench();
    const snapshot = (times: readonly number[]): Uint8Array => {
      const writer = new WireWriter();
      writer.varint(times.length);
      for (const [i, time] of times.entries()) {
        writer.string(`c${i}`);
        [0, time, 0].forEach((value) => writer.varint(value));
      }
      writer.bytes(new AppendLog().snapshot());
      return writer.finish();
    };
    bench.sessions.restore(snapshot([5, 5, 6]));
    // Expiry looks from the front and stops at the first that is young enough.
    expect(() => bench.sessions.restore(snapshot([6, 5]))).toThrow(DecodeError);
  });

  it("with an answer twice, or one that was received already, are refused", () => {
    const bench = new Bench();
    expect(() => bench.sessions.restore(oneSession(0, [2, 2]))).toThrow(DecodeError);
    expect(() => bench.sessions.restore(oneSession(0, [2, 1]))).toThrow(DecodeError);
    expect(() => bench.sessions.restore(oneSession(3, [3]))).toThrow(DecodeError);
    bench.sessions.restore(oneSession(3, [4, 6]));
    expect(resultOf(bench.apply("a", 6))).toBe("r");
  });
});

class LargeAnswers extends AppendLog {
  override apply(): Uint8Array {
    return new Uint8Array(MAX_COMMAND_BYTES + 1);
  }
}

function oneSession(answered: number, sequences: readonly number[]): Uint8Array {
  const writer = new WireWriter();
  writer.varint(1);
  writer.string("a");
  writer.varint(answered);
  writer.varint(seconds(1));
  writer.varint(sequences.length);
  for (const sequence of sequences) {
    writer.varint(sequence);
    writer.bytes(toBytes("r"));
  }
  writer.bytes(new AppendLog().snapshot());
  return writer.finish();
}

function twoOfOneClient(): Uint8Array {
  const writer = new WireWriter();
  writer.varint(2);
  for (let i = 0; i < 2; i++) {
    writer.string("a");
    writer.varint(0);
    writer.varint(0);
    writer.varint(0);
  }
  writer.bytes(new AppendLog().snapshot());
  return writer.finish();
}

describe("commands on the wire", () => {
  const encode = (command: SessionCommand): Uint8Array => {
    const writer = new WireWriter();
    sessionCommandCodec.encode(writer, command);
    return writer.finish();
  };
  const plain: SessionCommand = { client: "a", sequence: 1, answered: 0, command: toBytes("x") };

  it("come back as they were", () => {
    fc.assert(
      fc.property(
        fc.record({
          client: fc.string({ maxLength: 32 }),
          sequence: fc.maxSafeNat(),
          answered: fc.maxSafeNat(),
          command: fc.uint8Array({ maxLength: 64 }),
        }),
        (command) => {
          const reader = new WireReader(encode(command));
          expect(sessionCommandCodec.decode(reader)).toEqual(command);
          reader.expectEnd();
        },
      ),
    );
  });

  it("with a longer name or more bytes than allowed are refused", () => {
    const decode = (command: SessionCommand) =>
      sessionCommandCodec.decode(new WireReader(encode(command)));
    const name = "x".repeat(MAX_CLIENT_BYTES);
    expect(decode({ ...plain, client: name }).client).toBe(name);
    expect(() => decode({ ...plain, client: `${name}x` })).toThrow(DecodeError);
    const command = new Uint8Array(MAX_COMMAND_BYTES + 1);
    expect(decode({ ...plain, command: command.subarray(1) }).command).toHaveLength(
      MAX_COMMAND_BYTES,
    );
    expect(() => decode({ ...plain, command })).toThrow(DecodeError);
  });
});
