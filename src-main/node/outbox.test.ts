import { describe, expect, it } from "vitest";
import type { Effect } from "#main/kernel/machine.ts";
import { type Codec, WireReader } from "#main/kernel/wire.ts";
import type { NodeEffect } from "./mesh-node.ts";
import { Outbox, type Piggyback, type Slot } from "./outbox.ts";
import { MessageNames, PACKET_BUDGET_BYTES, readProtocol } from "./packet.ts";
import { decodeRecord } from "./records.ts";

interface Note {
  readonly kind: "note";
  readonly text: string;
}
type NoteEffect = Effect<Note, string, string>;

const noteCodec: Codec<Note> = {
  encode: (writer, note) => writer.string(note.text),
  decode: (reader) => ({ kind: "note", text: reader.string(2_000) }),
};
const textCodec: Codec<string> = {
  encode: (writer, text) => writer.string(text),
  decode: (reader) => reader.string(100),
};

function slot(protocol: "gossip" | "membership"): Slot<Note, string> {
  const names = new MessageNames(protocol);
  return { timers: "t:", protocol, codec: noteCodec, names, record: { tag: 9, codec: textCodec } };
}

class Updates implements Piggyback {
  readonly budgets: number[] = [];
  piggyback(_to: string, writer: { u8(value: number): void }, budgetBytes: number): void {
    this.budgets.push(budgetBytes);
    writer.u8(0xee);
  }
}

function absorb(effects: readonly NoteEffect[], protocol: "gossip" | "membership" = "gossip") {
  const updates = new Updates();
  const outbox = new Outbox(updates);
  outbox.absorb(slot(protocol), effects, 5, (event) => {
    outbox.answer(1, { ok: false, code: "closed", message: event });
  });
  return { effects: outbox.take(), updates, outbox };
}

const send = (text: string): NoteEffect => ({
  kind: "send",
  to: "B",
  message: { kind: "note", text },
});

function bytesOf(effect: NodeEffect | undefined): Uint8Array {
  if (effect?.kind !== "send") {
    throw new Error("no send");
  }
  return effect.bytes;
}

describe("a node's outbox", () => {
  it("packs version, protocol and message, and names it", () => {
    const { effects } = absorb([send("hi")]);
    expect(effects[0]).toMatchObject({ kind: "send", to: "B", name: "gossip.note" });
    const reader = new WireReader(bytesOf(effects[0]));
    expect(readProtocol(reader)).toBe("gossip");
    expect(noteCodec.decode(reader).text).toBe("hi");
  });

  it("lets updates ride behind other protocols' messages, within the packet's budget", () => {
    const { effects, updates } = absorb([send("12345")]);
    expect(bytesOf(effects[0]).at(-1)).toBe(0xee);
    expect(updates.budgets).toEqual([PACKET_BUDGET_BYTES - 2 - 6]);
  });

  it("never offers a negative budget behind a message that fills the packet", () => {
    const { updates } = absorb([send("x".repeat(PACKET_BUDGET_BYTES))]);
    expect(updates.budgets).toEqual([0]);
  });

  it("adds no updates to membership's own messages", () => {
    const { updates } = absorb([send("hi")], "membership");
    expect(updates.budgets).toEqual([]);
  });

  it("keeps what follows from an event behind a persist behind that persist", () => {
    const { effects } = absorb([
      { kind: "persist", record: "r", then: [{ kind: "emit", event: "stored" }, send("after")] },
      { kind: "emit", event: "now" },
    ]);
    expect(effects.map((effect) => effect.kind)).toEqual(["persist", "answer"]);
    const persist = effects[0];
    if (persist?.kind !== "persist") {
      throw new Error("no persist");
    }
    expect(decodeRecord(persist.record).tag).toBe(9);
    expect(persist.then.map((effect) => effect.kind)).toEqual(["answer", "send"]);
  });

  it("prefixes timers and passes cancellations on", () => {
    const { effects } = absorb([
      { kind: "timer", timer: "round", at: 10 },
      { kind: "timer", timer: "round", at: null },
    ]);
    expect(effects).toEqual([
      { kind: "timer", timer: "t:round", at: 10 },
      { kind: "timer", timer: "t:round", at: null },
    ]);
  });

  it("gives each effect once", () => {
    const { outbox } = absorb([send("hi")]);
    expect(outbox.take()).toEqual([]);
  });
});
