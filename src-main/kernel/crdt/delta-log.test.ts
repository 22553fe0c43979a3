// "Delta state replicated data types" (2018), algorithm 2, with messages that get lost.
import { describe, expect, test } from "vitest";
import { createRandom } from "../prng.ts";
import { DecodeError, WireReader, WireWriter } from "../wire.ts";
import { actorOf } from "./actor.ts";
import { type DeltaInterval, DeltaInbox, deltaIntervalCodec, DeltaLog } from "./delta-log.ts";
import { encodeState, sameState } from "./crdt.ts";
import { addElement, type OrSet, orSet, removeElement } from "./or-set.ts";

const S = actorOf("sender", 0);
const R = actorOf("receiver", 0);

/** A sender that keeps every state it ever had. */
class Sender {
  readonly log: DeltaLog<OrSet, readonly string[]>;
  readonly past: OrSet[] = [orSet.bottom];
  state: OrSet = orSet.bottom;

  constructor(capacity = 100) {
    this.log = new DeltaLog(orSet, capacity);
  }

  write(delta: OrSet): void {
    this.state = orSet.merge(this.state, delta);
    this.past.push(this.state);
    this.log.record(delta);
  }

  add(element: string): void {
    this.write(addElement(this.state, S, element));
  }

  remove(element: string): void {
    this.write(removeElement(this.state, element));
  }

  next(peer = R): DeltaInterval<OrSet> {
    const interval = this.log.intervalFor(peer, this.state);
    if (interval === null) {
      throw new Error("nothing to send");
    }
    return interval;
  }
}

class Receiver {
  readonly inbox = new DeltaInbox(orSet);
  state: OrSet = orSet.bottom;

  take(interval: DeltaInterval<OrSet>): string {
    const outcome = this.inbox.receive(S, interval, this.state);
    if (outcome.kind === "merged") {
      this.state = outcome.state;
    }
    return outcome.kind;
  }

  get elements(): string {
    return orSet.value(this.state).join(" ");
  }
}

describe("the causal delta-merging condition", () => {
  test("a gap is seen and nothing is merged; the sender fills it when told", () => {
    const [sender, receiver] = [new Sender(), new Receiver()];
    sender.add("draft");
    expect(receiver.take(sender.next())).toBe("merged");
    sender.log.acknowledge(R, receiver.inbox.have(S));

    sender.remove("draft");
    sender.log.acknowledge(R, sender.next().until);
    sender.add("final");
    const beyondGap = sender.next();

    // Merged all the same, the receiver would show what no replica ever showed.
    expect(orSet.value(orSet.merge(receiver.state, beyondGap.state))).toEqual(["draft", "final"]);
    expect(receiver.take(beyondGap)).toBe("gap");
    expect(receiver.elements).toBe("draft");

    sender.log.acknowledge(R, receiver.inbox.have(S));
    expect(receiver.take(sender.next())).toBe("merged");
    expect(receiver.elements).toBe("final");
  });

  test("only what the peer lacks travels, in one run", () => {
    const [sender, receiver] = [new Sender(), new Receiver()];
    sender.add("a");
    receiver.take(sender.next());
    sender.log.acknowledge(R, receiver.inbox.have(S));
    expect(sender.log.intervalFor(R, sender.state)).toBeNull();
    sender.add("b");
    sender.add("c");
    const run = sender.next();
    expect(orSet.value(run.state)).toEqual(["b", "c"]);
    expect(run.until - run.from).toBe(2);
  });

  test("what comes twice or late is known", () => {
    const [sender, receiver] = [new Sender(), new Receiver()];
    sender.add("a");
    const first = sender.next();
    sender.add("b");
    expect(receiver.take(sender.next())).toBe("merged");
    expect(receiver.take(first)).toBe("known");
    expect(receiver.elements).toBe("a b");
  });

  test("a peer further behind than the log reaches gets the whole state", () => {
    const [sender, receiver] = [new Sender(2), new Receiver()];
    sender.add("a");
    receiver.take(sender.next());
    sender.log.acknowledge(R, receiver.inbox.have(S));
    for (const element of ["b", "c", "d"]) {
      sender.add(element);
    }
    expect(sender.next().from).toBe(0);
    expect(receiver.take(sender.next())).toBe("merged");
    expect(receiver.elements).toBe("a b c d");
  });

  test("a new life of the receiver, and a state from before the sender's, begin with the whole", () => {
    const sender = new Sender();
    sender.state = orSet.merge(sender.state, addElement(sender.state, S, "restored"));
    expect(orSet.value(sender.next().state)).toEqual(["restored"]);
    sender.log.acknowledge(R, sender.log.last);
    expect(sender.next(actorOf("receiver", 1)).from).toBe(0);
  });

  test("an acknowledgement of what was never sent is not believed", () => {
    const sender = new Sender();
    sender.add("a");
    sender.log.acknowledge(R, 99);
    expect(sender.next().from).toBe(0);
    sender.log.acknowledge(R, sender.log.last);
    sender.log.forget(R);
    expect(sender.next().from).toBe(0);
  });

  test("whatever is lost, late or twice, a receiver only has states that the sender had", () => {
    for (let seed = 0; seed < 30; seed++) {
      const random = createRandom(seed);
      const [sender, receiver] = [new Sender(1 + random.int(6)), new Receiver()];
      const network: DeltaInterval<OrSet>[] = [];
      for (let step = 0; step < 60; step++) {
        const element = `e${random.int(4)}`;
        if (random.int(2) === 0) {
          sender.add(element);
        } else {
          sender.remove(element);
        }
        network.push(sender.next());
        const arrived = network[random.int(network.length)];
        if (arrived !== undefined && random.int(3) > 0) {
          receiver.take(arrived);
          expect(sender.past.some((past) => sameState(orSet, past, receiver.state))).toBe(true);
        }
        if (random.int(3) === 0) {
          sender.log.acknowledge(R, receiver.inbox.have(S));
        }
      }
      sender.log.acknowledge(R, receiver.inbox.have(S));
      const rest = sender.log.intervalFor(R, sender.state);
      if (rest !== null) {
        receiver.take(rest);
      }
      expect(encodeState(orSet, receiver.state)).toEqual(encodeState(orSet, sender.state));
    }
  });

  test("an interval reads back as itself; an empty one is not ours", () => {
    const sender = new Sender();
    sender.add("a");
    const codec = deltaIntervalCodec(orSet.codec);
    const writer = new WireWriter();
    codec.encode(writer, sender.next());
    expect(codec.decode(new WireReader(writer.finish()))).toEqual(sender.next());
    const empty = Uint8Array.of(3, 3, ...encodeState(orSet, sender.state));
    expect(() => codec.decode(new WireReader(empty))).toThrow(DecodeError);
  });
});
