import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { MemoryMesh } from "./testing/mesh.ts";

describe("lost messages", () => {
  it("of pushes are made up for by sending again", () => {
    const mesh = new MemoryMesh("AB", { options: { antiEntropyMs: 3_600_000 } });
    let lost = 0;
    mesh.drop = (_from, _to, message) => message.kind === "push" && lost++ < 2;
    mesh.write("A", "last/k", "v");
    mesh.runFor(400);
    expect(mesh.shown("last/k")["B"]).toBe("");
    mesh.runFor(2_000);
    expect(mesh.same("last/k")).toBe("v");
  });

  it("that no push gets through are found by anti-entropy, and only what differs moves", () => {
    const mesh = new MemoryMesh("AB");
    for (let i = 0; i < 200; i++) {
      mesh.write("A", `last/k${i}`, "v");
    }
    mesh.runFor(10_000);
    mesh.drop = (_from, _to, message) => message.kind === "push";
    mesh.write("A", "last/k7", "w");
    mesh.write("B", "sum/n", "3");
    mesh.sent.length = 0;
    mesh.runFor(10_000);
    expect(mesh.same("last/k7")).toBe("w");
    expect(mesh.same("sum/n")).toBe("3");
    const moved = mesh.sent.flatMap(({ message }) =>
      message.kind === "repair" ? message.updates.map(({ key }) => key) : [],
    );
    expect(new Set(moved)).toEqual(new Set(["k7", "n"]));
    const exchange = mesh
      .of("exchanged")
      .find(({ event }) => event.namespace === "last" && event.differing === 1);
    expect(exchange?.event.hashes).toBeLessThanOrEqual(48);
    expect(exchange?.event.bytes).toBeGreaterThan(500);
  });

  it("of acknowledgements make pushes given up after a few sends", () => {
    const mesh = new MemoryMesh("AB");
    mesh.drop = (_from, _to, message) => message.kind === "ack";
    mesh.write("A", "last/k", "v");
    mesh.runFor(10_000);
    expect(mesh.sent.filter(({ message }) => message.kind === "push")).toHaveLength(3);
    expect(mesh.of("dropped", "A")).toMatchObject([{ event: { reason: "unacknowledged" } }]);
  });

  it("at random, with duplicates of everything, leave all the same in the end", () => {
    for (const seed of [1, 2, 3]) {
      const random = createRandom(seed);
      const mesh = new MemoryMesh("ABCDEF", { seed });
      mesh.drop = () => random.int(3) === 0;
      for (let i = 0; i < 120; i++) {
        const node = "ABCDEF"[random.int(6)] ?? "A";
        const path = ["last", "all", "sum", "tags"][random.int(4)] + `/${random.int(3)}`;
        const isDelete = random.int(6) === 0;
        if (isDelete) {
          mesh.delete(node, path);
        } else {
          mesh.write(
            node,
            path,
            String(1 + random.int(9)),
            random.int(9) === 0 ? 3_000 : undefined,
          );
        }
        if (random.int(20) === 0) {
          mesh.stop(node);
          mesh.boot(node, { wiped: random.int(2) === 0 });
        }
        mesh.runFor(random.int(300));
      }
      mesh.heal();
      mesh.runFor(40_000);
      for (const space of ["last", "all", "sum", "tags"]) {
        for (const key of [0, 1, 2]) {
          mesh.same(`${space}/${key}`);
        }
      }
    }
  });
});

describe("a register", () => {
  it("keeps concurrent values until somebody who has seen them writes", () => {
    const mesh = new MemoryMesh("ABC");
    mesh.write("A", "all/k", "one");
    mesh.write("B", "all/k", "two");
    mesh.runFor(5_000);
    expect(mesh.same("all/k")).toBe("one | two");
    mesh.write("C", "all/k", "three");
    mesh.runFor(5_000);
    expect(mesh.same("all/k")).toBe("three");
  });

  it("keeps a value that was written after a delete by somebody who had not heard of it", () => {
    const mesh = new MemoryMesh("AB");
    mesh.write("A", "all/k", "old");
    mesh.runFor(100);
    mesh.cut();
    mesh.delete("B", "all/k");
    mesh.runFor(1);
    mesh.write("A", "all/k", "new");
    mesh.heal();
    mesh.runFor(5_000);
    expect(mesh.same("all/k")).toBe("new");
  });
});

describe("a counter", () => {
  it("counts everything once: concurrent creations, repeated messages, lost disks", () => {
    const mesh = new MemoryMesh("ABCDE");
    for (const node of "ABCDE") {
      mesh.write(node, "sum/k", "1");
    }
    mesh.runFor(5_000);
    expect(mesh.same("sum/k")).toBe("5");
    mesh.stop("A");
    mesh.boot("A", { wiped: true });
    mesh.write("A", "sum/k", "10");
    mesh.runFor(10_000);
    expect(mesh.same("sum/k")).toBe("15");
    mesh.stop("B");
    mesh.boot("B");
    mesh.write("B", "sum/k", "-100");
    mesh.runFor(10_000);
    expect(mesh.same("sum/k")).toBe("-85");
  });
});

describe("a restart", () => {
  it("with the disk has everything at once, without it is told by the others", () => {
    const mesh = new MemoryMesh("ABC");
    for (const path of ["last/k", "all/k", "sum/k", "tags/k"]) {
      mesh.write("A", path, "1");
    }
    mesh.runFor(1_000);
    mesh.stop("B");
    mesh.boot("B");
    expect(mesh.shown("sum/k")["B"]).toBe("1");
    expect(mesh.of("changed", "B").at(-1)?.event).toMatchObject({
      cause: "merge",
      values: ['["1"]'],
    });
    mesh.stop("B");
    mesh.boot("B", { wiped: true });
    expect(mesh.shown("sum/k")["B"]).toBe("");
    mesh.runFor(10_000);
    for (const path of ["last/k", "all/k", "sum/k", "tags/k"]) {
      mesh.same(path);
    }
  });

  it("replays a disk that was compacted in between", () => {
    const mesh = new MemoryMesh("A");
    for (let i = 0; i < 2_000; i++) {
      mesh.write("A", `last/k${i % 10}`, `v${i}`);
    }
    expect(mesh.disks.get("A")?.length).toBeLessThan(600);
    mesh.stop("A");
    mesh.boot("A");
    expect(mesh.same("last/k9")).toBe("v1999");
    expect(mesh.same("last/k0")).toBe("v1990");
  });

  it("shows nothing that was answered too early: no answer leaves before the record is written", () => {
    const mesh = new MemoryMesh("AB");
    mesh.diskWorks = false;
    expect(() => mesh.write("A", "last/k", "v")).toThrow("did not answer");
    mesh.runFor(1_000);
    expect(mesh.sent.filter(({ message }) => message.kind === "push")).toEqual([]);
    expect(mesh.of("changed")).toEqual([]);
  });
});

describe("clocks", () => {
  it("that run ahead win: the skew shows, within the bound", () => {
    const mesh = new MemoryMesh("AB");
    mesh.skew.set("A", seconds(30));
    mesh.write("A", "last/k", "ahead");
    mesh.cut();
    mesh.runFor(10);
    mesh.write("B", "last/l", "x");
    mesh.write("A", "last/l", "ahead");
    mesh.runFor(1_000);
    mesh.write("B", "last/l", "later in truth");
    mesh.heal();
    mesh.runFor(5_000);
    expect(mesh.same("last/l")).toBe("ahead");
    expect(mesh.same("last/k")).toBe("ahead");
    // Who has seen a write comes after it, whatever the clock says.
    mesh.write("B", "last/l", "over");
    mesh.runFor(5_000);
    expect(mesh.same("last/l")).toBe("over");
  });

  it("that were set back do not cost a node what it has on its disk", () => {
    const mesh = new MemoryMesh("A");
    mesh.skew.set("A", seconds(1_000));
    mesh.write("A", "last/k", "v");
    mesh.write("A", "last/gone", "v");
    mesh.delete("A", "last/gone");
    mesh.stop("A");
    mesh.skew.set("A", 0);
    mesh.boot("A");
    expect(mesh.same("last/k")).toBe("v");
    expect(mesh.same("last/gone")).toBe("");
    expect(mesh.write("A", "last/k", "w")).toMatchObject({ code: "busy" });
  });

  it("that run too far ahead have to wait until their time has come", () => {
    const mesh = new MemoryMesh("AB");
    mesh.skew.set("A", seconds(100));
    mesh.write("A", "last/k", "v");
    mesh.write("A", "sum/k", "1");
    mesh.runFor(20_000);
    expect(mesh.shown("last/k")["B"]).toBe("");
    expect(mesh.of("dropped", "B")[0]?.event.reason).toBe("early");
    mesh.runFor(40_000);
    expect(mesh.same("last/k")).toBe("v");
    expect(mesh.same("sum/k")).toBe("1");
  });
});

describe("a time to live", () => {
  it.each(["last/k", "all/k", "sum/k", "tags/k"])("of %s ends everywhere at its moment", (path) => {
    const mesh = new MemoryMesh("ABC");
    mesh.write("A", path, "1", 5_000);
    mesh.runFor(4_999);
    expect(mesh.same(path)).not.toBe("");
    mesh.runFor(1);
    expect(mesh.same(path)).toBe("");
    mesh.runFor(10_000);
    expect(mesh.same(path)).toBe("");
    expect(mesh.of("changed", "C").at(-1)?.event).toMatchObject({ cause: "expiry", values: [] });
  });

  it("does not take a later write with it, wherever that was made", () => {
    const mesh = new MemoryMesh("ABC");
    mesh.write("A", "last/k", "short", 5_000);
    mesh.runFor(1_000);
    mesh.cut("AB");
    mesh.write("C", "last/k", "for good");
    mesh.runFor(10_000);
    expect(mesh.shown("last/k")["B"]).toBe("");
    mesh.heal();
    mesh.runFor(10_000);
    expect(mesh.same("last/k")).toBe("for good");
  });

  it("does not let an older value come back that it had replaced", () => {
    const mesh = new MemoryMesh("ABC");
    mesh.write("A", "last/k", "old");
    mesh.runFor(1_000);
    mesh.cut("AB");
    mesh.write("A", "last/k", "short", 2_000);
    mesh.runFor(10_000);
    mesh.heal();
    mesh.runFor(10_000);
    expect(mesh.same("last/k")).toBe("");
  });

  it("of a sum and a set stays when somebody adds without one", () => {
    const mesh = new MemoryMesh("AB");
    mesh.write("A", "sum/k", "1", 5_000);
    mesh.runFor(1_000);
    mesh.write("B", "sum/k", "1");
    mesh.runFor(1_000);
    expect(mesh.same("sum/k")).toBe("2");
    mesh.runFor(5_000);
    expect(mesh.same("sum/k")).toBe("");
  });

  it("that ended while a node was down has ended for it too", () => {
    const mesh = new MemoryMesh("AB");
    mesh.write("A", "last/k", "v", 5_000);
    mesh.runFor(1_000);
    mesh.stop("B");
    mesh.runFor(10_000);
    mesh.boot("B");
    expect(mesh.same("last/k")).toBe("");
    expect(mesh.of("changed", "B").at(-1)?.event).toMatchObject({ cause: "expiry", values: [] });
  });
});

describe("a quiet mesh", () => {
  it("compares one small message per node and interval", () => {
    const mesh = new MemoryMesh("ABCD");
    mesh.write("A", "last/k", "v");
    mesh.runFor(10_000);
    mesh.sent.length = 0;
    mesh.runFor(20_000);
    expect(mesh.sent.map(({ message }) => message.kind)).toEqual(Array(40).fill("roots"));
  });

  it("without namespaces does nothing at all", () => {
    const mesh = new MemoryMesh("ABCD", { options: { namespaces: [] } });
    mesh.runTo(ms(100_000));
    expect(mesh.sent).toEqual([]);
    expect(mesh.events).toEqual([]);
  });
});
