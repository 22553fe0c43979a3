import { describe, expect, it } from "vitest";
import { WireWriter } from "#main/kernel/wire.ts";
import { encodeWith, strongCommandCodec } from "#main/protocols/memory/strong-command.ts";
import { raftCodec } from "#main/protocols/raft/codec.ts";
import { makeEntry } from "#main/protocols/raft/entry.ts";
import { describePacket } from "./describe.ts";
import { PACKET_VERSION, protocolTag } from "./packet.ts";

function raftPacket(data: Uint8Array): Uint8Array {
  const writer = new WireWriter();
  writer.u8(PACKET_VERSION);
  writer.u8(protocolTag("raft"));
  const entry = makeEntry({ index: 1, term: 1, time: 5, kind: "command", data });
  const entries = [entry];
  const append = {
    kind: "append",
    term: 1,
    prevIndex: 0,
    prevTerm: 0,
    commit: 0,
    entries,
  } as const;
  raftCodec.encode(writer, append);
  return writer.finish();
}

describe("a packet as a person reads it", () => {
  it("shows the command inside of a log entry", () => {
    const data = encodeWith(strongCommandCodec, { kind: "note", text: "hello" });
    expect(describePacket(raftPacket(data))).toMatchObject({
      protocol: "raft",
      message: { kind: "append", entries: [{ index: 1, data: { kind: "note", text: "hello" } }] },
    });
  });

  it("shows bytes as bytes where they are no command", () => {
    const data = Uint8Array.of(255, 254, 253);
    expect(describePacket(raftPacket(data))).toMatchObject({ message: { entries: [{ data }] } });
  });

  it("says why bytes are no packet, and never throws", () => {
    for (const bytes of [
      Uint8Array.of(),
      Uint8Array.of(9, 9),
      raftPacket(Uint8Array.of()).slice(0, 6),
    ]) {
      expect(describePacket(bytes)).toMatchObject({ unreadable: expect.any(String) as string });
    }
  });
});
