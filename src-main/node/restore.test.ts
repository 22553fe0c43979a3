import { describe, expect, it } from "vitest";
import { membershipRecordCodec } from "#main/protocols/membership/codec.ts";
import type { MembershipRecord } from "#main/protocols/membership/types.ts";
import { encodeRecord } from "./records.ts";
import { agreedAtBoot, restoreNode } from "./restore.ts";
import { MEMBERSHIP_RECORD } from "./slots.ts";

function disk(...records: Partial<MembershipRecord>[]): Uint8Array[] {
  return records.map((record) =>
    encodeRecord(MEMBERSHIP_RECORD, (writer) =>
      membershipRecordCodec.encode(writer, {
        incarnation: 0,
        leaveTime: 0,
        joined: [],
        gone: [],
        ...record,
      }),
    ),
  );
}

describe("the membership on a disk", () => {
  it("is what its records add up to", () => {
    const restored = restoreNode(disk({ joined: ["A", "B"] }, { incarnation: 2, gone: ["B"] }));
    expect(restored.membership).toEqual({ incarnation: 2, leaveTime: 0, agreed: new Set(["A"]) });
  });

  it("is null on an empty disk", () => {
    expect(restoreNode([])).toMatchObject({ membership: null, discarded: 0 });
  });

  it("ends where the disk is damaged", () => {
    const [first, second] = disk({ joined: ["A", "B"] }, { gone: ["B"] });
    const torn = second?.slice(0, 3) ?? new Uint8Array();
    const restored = restoreNode([first ?? new Uint8Array(), torn]);
    expect([...(restored.membership?.agreed ?? [])]).toEqual(["A", "B"]);
    expect(restored.discarded).toBe(1);
  });
});

describe("whom a node counts as reachable before it has heard anybody", () => {
  it.each([
    ["a founder: itself", [], [], ["A"]],
    ["a founder that restarts before anybody came: itself", ["A"], [], ["A"]],
    ["a joiner: nobody", [], ["B"], []],
    ["who belonged to a mesh: nobody, not even without seeds", ["A", "B"], [], []],
    ["who left a mesh of two: nobody", ["B"], [], []],
  ] as const)("%s", (_, joined, seeds, expected) => {
    const restored = restoreNode(disk({ joined }));
    expect([...agreedAtBoot({ id: "A", seeds }, restored)]).toEqual(expected);
  });
});
