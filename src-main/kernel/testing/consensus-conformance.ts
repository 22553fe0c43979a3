/**
 * What holds for every agreement protocol behind `Consensus`, whichever a mesh chose. Import it
 * from a test file only. Names of strategies never occur here: differences are properties.
 */
import { describe, expect, it } from "vitest";
import type { Codec } from "../wire.ts";
import { WireReader, WireWriter } from "../wire.ts";
import { ms, seconds } from "../time.ts";
import { createRandom } from "../prng.ts";
import { toBytes, toText } from "./append-log.ts";
import { ConsensusWorld, type ConsensusSubject } from "./consensus-world.ts";

export type { ConsensusSubject } from "./consensus-world.ts";

export function describeConsensus<Message, Record>(
  subject: ConsensusSubject<Message, Record>,
): void {
  const { properties } = subject;
  const settled = () => {
    const world = new ConsensusWorld(subject);
    world.runFor(subject.settleUs);
    return world;
  };

  describe(`consensus: ${subject.name}`, () => {
    describe("answers", () => {
      it("a proposal at any member is answered exactly once, and well", () => {
        const world = settled();
        const requests = world.members.map((node) => world.propose(node, `from ${node}`));
        world.runFor(subject.answerUs);
        for (const request of requests) {
          expect(world.answers(request)).toHaveLength(1);
          expect(world.answer(request)).toMatchObject({ ok: true });
        }
      });

      it("the result is what the state machine returned for this command", () => {
        const world = settled();
        const first = world.proposeAndWait(world.member(0), "one");
        const second = world.proposeAndWait(world.member(1), "two");
        expect(first).toMatchObject({ ok: true, result: toBytes("1") });
        expect(second).toMatchObject({ ok: true, result: toBytes("2") });
      });

      it("many proposals at once at all members are each applied once, everywhere the same", () => {
        const world = settled();
        const texts: string[] = [];
        for (let i = 0; i < 40; i++) {
          const text = `c${i}`;
          texts.push(text);
          world.propose(world.member(i % world.members.length), text);
        }
        world.runFor(subject.answerUs * 2);
        world.expectAgreement();
        expect([...world.app(world.member(0)).entries].sort()).toEqual(texts.sort());
      });

      it("a command proposed twice by the application is two commands", () => {
        const world = settled();
        world.proposeAndWait(world.member(0), "same");
        world.proposeAndWait(world.member(0), "same");
        expect(world.app(world.member(0)).entries).toEqual(["same", "same"]);
      });

      it("a member that is not the one who orders answers as well as the one who does", () => {
        const world = settled();
        const ordering = world.status(world.member(0)).leader;
        const other = world.members.find((node) => node !== ordering) ?? world.member(0);
        expect(world.proposeAndWait(other, "by the way")).toMatchObject({ ok: true });
      });

      it("a node outside of the group answers: it passes on, or says not-a-member", () => {
        const world = settled();
        world.create("outsider");
        world.runFor(subject.settleUs);
        const outcome = world.proposeAndWait("outsider", "from outside");
        expect(outcome?.ok === true || outcome?.code === "not-a-member").toBe(true);
        world.runFor(subject.answerUs);
        world.expectAgreement();
      });
    });

    describe("the order is one", () => {
      it("after quiescence all members have applied the same sequence", () => {
        const world = settled();
        world.dropShare(0.05, createRandom(7));
        for (let i = 0; i < 20; i++) {
          world.propose(world.member(i % world.members.length), `c${i}`);
          world.runFor(ms(20));
        }
        world.drop = () => false;
        world.runFor(subject.answerUs * 2);
        world.expectAgreement();
        expect(world.app(world.member(0)).entries.length).toBeGreaterThan(0);
      });

      it("commands retried over lost answers are applied once", () => {
        const world = settled();
        world.dropShare(0.3, createRandom(3));
        const requests = Array.from({ length: 10 }, (_, i) => [
          `c${i}`,
          world.propose(world.member(i % world.members.length), `c${i}`),
        ]);
        world.runFor(subject.answerUs);
        world.drop = () => false;
        world.runFor(subject.answerUs * 2);
        world.expectAgreement();
        const { entries } = world.app(world.member(0));
        expect(new Set(entries).size).toBe(entries.length);
        for (const [text, request] of requests as [string, number][]) {
          expect(world.answers(request)).toHaveLength(1);
          if (world.answer(request)?.ok === true) {
            expect(entries).toContain(text);
          }
        }
      });

      it("the state hash at an index is the same at all members, and so is the log's digest", () => {
        const world = settled();
        for (let i = 0; i < 5; i++) {
          world.proposeAndWait(world.member(i % world.members.length), `c${i}`);
        }
        world.runFor(subject.answerUs);
        const at = new Map<number, string>();
        for (const { event } of world.of("applied")) {
          const known = at.get(event.index) ?? `${event.digest} ${event.state}`;
          expect(`${event.digest} ${event.state}`).toBe(known);
          at.set(event.index, known);
        }
        expect(at.size).toBeGreaterThanOrEqual(1);
      });

      it("log time never goes backwards", () => {
        const world = settled();
        for (let i = 0; i < 5; i++) {
          world.proposeAndWait(world.member(i % world.members.length), `c${i}`);
        }
        const { times } = world.app(world.member(0));
        expect([...times].sort((a, b) => a - b)).toEqual(times);
      });
    });

    describe("crashes", () => {
      it("with as many members dead as it bears it still answers", () => {
        const world = settled();
        for (const node of world.members.slice(0, properties.bearsCrashed)) {
          world.kill(node);
        }
        const survivor = world.members.at(-1) ?? "";
        world.runFor(subject.settleUs);
        expect(world.proposeAndWait(survivor, "still here")).toMatchObject({ ok: true });
      });

      it("members that come back with their disks hold everything that was acknowledged", () => {
        const world = settled();
        for (let i = 0; i < 5; i++) {
          expect(world.proposeAndWait(world.member(0), `c${i}`)).toMatchObject({ ok: true });
        }
        for (const node of world.members) {
          world.kill(node);
        }
        for (const node of world.members) {
          world.create(node);
        }
        world.runFor(subject.settleUs);
        world.proposeAndWait(world.member(0), "after");
        world.runFor(subject.answerUs);
        world.expectAgreement();
        expect(world.app(world.member(0)).entries).toEqual(["c0", "c1", "c2", "c3", "c4", "after"]);
      });

      it("a member that was away catches up", () => {
        const world = settled();
        const away = world.member(world.members.length - 1);
        world.kill(away);
        world.runFor(subject.settleUs);
        for (let i = 0; i < 5; i++) {
          world.proposeAndWait(world.member(0), `c${i}`);
        }
        world.create(away);
        world.runFor(subject.settleUs + subject.answerUs);
        expect(world.app(away).entries).toEqual(world.app(world.member(0)).entries);
      });

      if (properties.blocksWithoutQuorum) {
        it("without a quorum nothing is ever answered with ok, and all is answered", () => {
          const world = settled();
          for (const node of world.members.slice(0, properties.bearsCrashed + 1)) {
            world.kill(node);
          }
          const alone = world.members.at(-1) ?? "";
          const request = world.propose(alone, "into the void");
          world.runFor(subject.settleUs + subject.answerUs * 2);
          const outcome = world.answer(request);
          expect(outcome?.ok).toBe(false);
          expect(outcome?.ok === false && outcome.code).toMatch(/^(unknown|no-leader|busy)$/);
          expect(world.answers(request)).toHaveLength(1);
        });
      }

      it("a proposal in flight at the cut is never said to have failed if it took effect", () => {
        const world = settled();
        const node = world.member(0);
        const request = world.propose(node, "at the cut");
        world.drop = (from, to) => from === node || to === node;
        world.runFor(subject.answerUs * 2);
        const outcome = world.answer(request);
        world.drop = () => false;
        world.runFor(subject.settleUs + subject.answerUs);
        const taken = world.app(world.member(1)).entries.includes("at the cut");
        if (taken && outcome?.ok === false) {
          expect(outcome.code).toBe("unknown");
        }
        expect(world.answers(request)).toHaveLength(1);
      });
    });

    describe("reads", () => {
      it("a read is answered with the result of the query", () => {
        const world = settled();
        world.proposeAndWait(world.member(0), "written");
        world.runFor(subject.answerUs);
        for (const node of world.members) {
          const outcome = world.readAndWait(node);
          expect(outcome?.ok === true && toText(outcome.result)).toBe("written");
        }
      });

      if (properties.linearizableReads) {
        it("a read that begins after an acknowledged write sees it, at every member", () => {
          const world = settled();
          for (let i = 0; i < 5; i++) {
            const text = `w${i}`;
            world.proposeAndWait(world.member(i % world.members.length), text);
            for (const node of world.members) {
              const outcome = world.readAndWait(node);
              expect(outcome?.ok === true && toText(outcome.result).split(",")).toContain(text);
            }
          }
        });

        it("a member that is cut off answers no read with ok", () => {
          const world = settled();
          const orders = world.status(world.member(0)).leader ?? world.member(0);
          for (const alone of [orders, world.members.find((node) => node !== orders) ?? ""]) {
            world.drop = (from, to) => from === alone || to === alone;
            const request = world.read(alone);
            world.runFor(subject.answerUs * 2);
            expect(world.answer(request)?.ok).toBe(false);
            world.drop = () => false;
            world.runFor(subject.settleUs);
          }
        });
      }
    });

    describe("refusals", () => {
      it("read-only refuses proposals at once, changes nothing, and ends when it is told", () => {
        const world = settled();
        const node = world.member(0);
        world.input(node, { kind: "writable", now: world.now, writable: false });
        const request = world.propose(node, "no");
        expect(world.answer(request)).toMatchObject({ ok: false, code: "read-only" });
        world.input(node, { kind: "writable", now: world.now, writable: true });
        expect(world.proposeAndWait(node, "yes")).toMatchObject({ ok: true });
        expect(world.app(node).entries).toEqual(["yes"]);
      });

      it("a command that is too large is refused at once, the largest is carried out", () => {
        const world = settled();
        const { maxCommandBytes } = properties;
        const request = world.proposeBytes(world.member(0), new Uint8Array(maxCommandBytes + 1));
        expect(world.answer(request)).toMatchObject({ ok: false, code: "too-large" });
        const largest = new Uint8Array(maxCommandBytes).fill(120);
        const accepted = world.proposeBytes(world.member(1), largest);
        world.runFor(subject.answerUs);
        expect(world.answer(accepted)).toMatchObject({ ok: true });
      });

      it("an order it does not support is answered as such, never with silence", () => {
        const world = settled();
        const [request, other] = [world.nextRequest(), world.nextRequest()];
        const node = world.member(0);
        const { now } = world;
        world.input(node, { kind: "transfer", now, request, to: null });
        const { members } = world;
        world.input(node, {
          kind: "reconfigure",
          now,
          request: other,
          voters: members.slice(1),
          learners: [],
        });
        world.runFor(subject.answerUs * 2);
        expect(world.answers(request)).toHaveLength(1);
        expect(world.answers(other)).toHaveLength(1);
      });
    });

    describe("bytes from outside", () => {
      it("messages survive the wire, and shortened or lengthened ones are no messages", () => {
        const world = busyWorld(subject);
        for (const message of sample(world.sentMessages, 60)) {
          const bytes = encode(subject.codec, message);
          expect(encode(subject.codec, decode(subject.codec, bytes))).toEqual(bytes);
          expect(() => decode(subject.codec, bytes.subarray(0, bytes.length - 1))).toThrow();
          expect(() => decode(subject.codec, Uint8Array.from([...bytes, 0]))).toThrow();
        }
      });

      it("records survive the disk, and shortened ones are no records", () => {
        const world = busyWorld(subject);
        const records = world.members.flatMap((node) => world.disk(node));
        expect(records.length).toBeGreaterThan(0);
        for (const record of sample(records, 60)) {
          const bytes = encode(subject.recordCodec, record);
          expect(encode(subject.recordCodec, decode(subject.recordCodec, bytes))).toEqual(bytes);
          expect(() => decode(subject.recordCodec, bytes.subarray(0, bytes.length - 1))).toThrow();
        }
      });

      it("damaged bytes are either rejected by the codec or borne by the machine", () => {
        const world = busyWorld(subject);
        const random = createRandom(11);
        for (const message of sample(world.sentMessages, 200)) {
          const bytes = encode(subject.codec, message);
          const at = random.int(bytes.length);
          bytes[at] = (bytes[at] ?? 0) ^ (1 << random.int(8));
          const damaged = tryDecode(subject.codec, bytes);
          if (damaged !== null) {
            const to = world.member(random.int(world.members.length));
            const from = world.member(random.int(world.members.length));
            world.input(to, { kind: "message", now: world.now, from, message: damaged });
          }
        }
      });

      it("what a stranger repeats executes nothing and moves nobody", () => {
        const world = settled();
        world.proposeAndWait(world.member(0), "before");
        world.runFor(subject.answerUs);
        const before = world.members.map((node) => summary(world, node));
        const { now } = world;
        for (const message of sample(world.sentMessages, 100)) {
          for (const to of world.members) {
            world.input(to, { kind: "message", now, from: "stranger", message });
          }
        }
        world.runFor(subject.answerUs);
        expect(world.members.map((node) => summary(world, node))).toEqual(before);
      });
    });

    describe("determinism and status", () => {
      it("two runs of the same seed return the same effects", () => {
        const run = (): string => {
          const world = busyWorld(subject);
          return JSON.stringify([world.events, world.sentMessages]);
        };
        expect(run()).toBe(run());
      });

      it("status and log tell the truth about what was applied", () => {
        const world = settled();
        world.proposeAndWait(world.member(0), "told");
        world.runFor(subject.answerUs);
        for (const node of world.members) {
          const status = world.status(node);
          expect(status.applied).toBeLessThanOrEqual(status.committed);
          expect(status.voters).toEqual(world.members);
          const applied = world.of("applied", node).at(-1)?.event;
          expect(applied?.index).toBeLessThanOrEqual(status.applied);
          const notes = world.machine(node).log(status.first, 1_000);
          expect(notes.length).toBeLessThanOrEqual(1_000);
          for (const note of notes) {
            expect(note.digest).toMatch(/^[0-9a-f]{16}$/);
          }
        }
      });

      it("a long idle time does nothing but keep the group together", () => {
        const world = settled();
        world.runFor(seconds(60));
        world.proposeAndWait(world.member(0), "awake");
        expect(world.app(world.member(0)).entries).toEqual(["awake"]);
      });
    });
  });
}

function busyWorld<Message, Record>(
  subject: ConsensusSubject<Message, Record>,
): ConsensusWorld<Message, Record> {
  const world = new ConsensusWorld(subject);
  world.runFor(subject.settleUs);
  world.dropShare(0.1, createRandom(5));
  for (let i = 0; i < 12; i++) {
    world.propose(world.member(i % world.members.length), `busy ${i}`);
    world.read(world.member((i + 1) % world.members.length));
    world.runFor(ms(50));
  }
  world.runFor(subject.answerUs);
  return world;
}

/** What repeated messages must not move. */
function summary<Message, Record>(world: ConsensusWorld<Message, Record>, node: string): unknown {
  const { role, term, leader, votedFor } = world.status(node);
  return { role, term, leader, votedFor, entries: world.app(node).entries.join() };
}

/** At most `count` of them, evenly spread. */
function sample<Item>(items: readonly Item[], count: number): Item[] {
  const step = Math.max(1, Math.ceil(items.length / count));
  return items.filter((_, i) => i % step === 0);
}

function encode<Message>(codec: Codec<Message>, message: Message): Uint8Array {
  const writer = new WireWriter();
  codec.encode(writer, message);
  return writer.finish();
}

function decode<Message>(codec: Codec<Message>, bytes: Uint8Array): Message {
  const reader = new WireReader(bytes);
  const message = codec.decode(reader);
  reader.expectEnd();
  return message;
}

function tryDecode<Message>(codec: Codec<Message>, bytes: Uint8Array): Message | null {
  try {
    return decode(codec, bytes);
  } catch {
    return null;
  }
}
