import { describe, expect, test } from "vitest";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { describePacket } from "#main/node/describe.ts";
import { seconds } from "#main/kernel/time.ts";
import { meshFactory } from "../mesh-factory.ts";
import { MAX_PACKET_TEXT, packetText } from "./packet-text.ts";
import { SimMesh } from "./sim-mesh.ts";

describe("the text of a packet", () => {
  test("shows bytes as hex, maps, sets and large numbers as what they hold", () => {
    const value = {
      a: new Uint8Array([0, 171, 255]),
      b: new Map([["k", 1]]),
      c: new Set([2]),
      d: 3n,
    };
    expect(JSON.parse(packetText(value))).toEqual({ a: "00abff", b: { k: 1 }, c: [2], d: "3" });
    expect(packetText(undefined)).toBe("null");
  });

  test("is cut at its bound, whatever was sent", () => {
    expect(packetText("x".repeat(MAX_PACKET_TEXT * 2))).toHaveLength(MAX_PACKET_TEXT);
    expect(packetText({ bytes: new Uint8Array(1_000_000) })).toHaveLength(MAX_PACKET_TEXT);
  });

  test.each(["swim", "heartbeat", "phi"] as const)(
    "of every message of a %s mesh is read",
    (detector) => {
      const options = meshOptionsSchema.parse({ nodes: 5, membership: { detector } });
      const mesh = new SimMesh(options, { factory: meshFactory, sink: () => undefined });
      mesh.runUntil(seconds(4));
      mesh.execute(
        { type: "rumour.publish", node: "A", topic: "t", payload: "a secret", urgent: true },
        "test",
      );
      mesh.execute({ type: "node.remove", node: "B" }, "test");
      mesh.runUntil(seconds(20));
      const seen = new Set<string>();
      for (let serial = 0; serial < mesh.nextSerial; serial++) {
        const { name, content } = mesh.message(serial);
        const packet = describePacket(content ?? new Uint8Array());
        expect(packet, name).toMatchObject({ protocol: name.split(".")[0], message: {} });
        expect(packetText(packet).length).toBeLessThan(MAX_PACKET_TEXT);
        seen.add(name);
      }
      expect([...seen].filter((name) => name.startsWith(detector))).not.toEqual([]);
      expect(seen.size).toBeGreaterThan(5);
    },
  );

  test("of what is no packet says why", () => {
    expect(describePacket(new Uint8Array())).toMatchObject({ unreadable: "message ends early" });
    expect(describePacket(new Uint8Array([9, 9]))).toMatchObject({
      unreadable: expect.stringMatching("version"),
    });
    expect(describePacket(new Uint8Array([1, 1, 77, 77]))).toHaveProperty("unreadable");
  });
});
