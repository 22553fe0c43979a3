import { describe, expect, it } from "vitest";
import { DecodeError, WireWriter } from "#main/kernel/wire.ts";
import { createRandom } from "#main/kernel/prng.ts";
import {
  decodeWith,
  encodeWith,
  MAX_VALUE_BYTES,
  type StrongCommand,
  strongCommandCodec,
  strongQueryCodec,
  type StrongResult,
  strongResultCodec,
} from "./strong-command.ts";
import { MAX_STRONG_KEYS, StrongStore } from "./strong-store.ts";

/** A store whose log has one entry a second. */
class Replica {
  readonly store = new StrongStore();
  index = 0;

  apply(command: StrongCommand, time = (this.index + 1) * 1_000_000): StrongResult {
    return this.applyBytes(encodeWith(strongCommandCodec, command), time);
  }

  applyBytes(bytes: Uint8Array, time = (this.index + 1) * 1_000_000): StrongResult {
    this.index++;
    return decodeWith(strongResultCodec, this.store.apply(bytes, { index: this.index, time }));
  }

  get(key: string, namespace = "n"): StrongResult {
    const query = encodeWith(strongQueryCodec, { kind: "get", namespace, key });
    return decodeWith(strongResultCodec, this.store.query(query));
  }
}

function put(
  key: string,
  value: string,
  more: { ttl?: number; expect?: string } = {},
): StrongCommand {
  const { ttl = null, expect: expected = null } = more;
  return { kind: "put", namespace: "n", key, value, ttl, expect: expected };
}

function remove(key: string): StrongCommand {
  return { kind: "delete", namespace: "n", key };
}

/** Of a store with as many keys as it may have, `k0` and so on. */
function fullSnapshot(): Uint8Array {
  const writer = new WireWriter();
  writer.varint(0);
  writer.u8(0);
  writer.varint(MAX_STRONG_KEYS);
  for (let i = 0; i < MAX_STRONG_KEYS; i++) {
    writer.string("n");
    writer.string(`k${i}`);
    writer.string("");
    writer.varint(i + 1);
    writer.varint(0);
  }
  return writer.finish();
}

const tick: StrongCommand = { kind: "tick" };

describe("writing and reading", () => {
  it("answers with the value and the entry that wrote it", () => {
    const replica = new Replica();
    expect(replica.apply(put("k", "a"))).toEqual({ code: "ok", value: "a", version: 1 });
    expect(replica.apply(put("k", "b"))).toEqual({ code: "ok", value: "b", version: 2 });
    expect(replica.get("k")).toEqual({ code: "ok", value: "b", version: 2 });
    expect(replica.get("k", "other")).toEqual({ code: "not-found", value: null, version: 0 });
  });

  it("gives a delete the value that it deleted, and says when there was none", () => {
    const replica = new Replica();
    replica.apply(put("k", "a"));
    expect(replica.apply(remove("k"))).toEqual({ code: "ok", value: "a", version: 2 });
    expect(replica.apply(remove("k")).code).toBe("not-found");
    expect(replica.get("k").code).toBe("not-found");
  });

  it("keeps what was proposed for its own sake apart from all keys", () => {
    const replica = new Replica();
    replica.apply({ kind: "note", text: "decided" });
    const query = encodeWith(strongQueryCodec, { kind: "noted" });
    const noted = decodeWith(strongResultCodec, replica.store.query(query));
    expect(noted).toEqual({ code: "ok", value: "decided", version: 1 });
    expect(replica.store.entries()).toEqual([]);
  });
});

describe("compare-and-set", () => {
  it("writes only where the present value is the expected one", () => {
    const replica = new Replica();
    replica.apply(put("k", "a"));
    expect(replica.apply(put("k", "b", { expect: "a" })).code).toBe("ok");
    expect(replica.apply(put("k", "c", { expect: "a" }))).toEqual({
      code: "conflict",
      value: "b",
      version: 2,
    });
    expect(replica.get("k").value).toBe("b");
  });

  it("fails on a key that is not there, even for an empty expectation", () => {
    const replica = new Replica();
    expect(replica.apply(put("k", "a", { expect: "" })).code).toBe("conflict");
    expect(replica.get("k").code).toBe("not-found");
  });

  it("does not see a value whose time is over", () => {
    const replica = new Replica();
    replica.apply(put("k", "a", { ttl: 500_000 }));
    expect(replica.apply(put("k", "b", { expect: "a" })).code).toBe("conflict");
  });
});

describe("expiry", () => {
  it("goes by log time: a key is gone with the first entry at or after its end", () => {
    const replica = new Replica();
    replica.apply(put("k", "a", { ttl: 2_000_000 }), 1_000_000);
    replica.apply(tick, 2_999_999);
    expect(replica.get("k").value).toBe("a");
    replica.apply(tick, 3_000_000);
    expect(replica.get("k").code).toBe("not-found");
    expect(replica.store.takeChanges().at(-1)).toMatchObject({ cause: "expiry", version: 3 });
  });

  it("knows the next one, and of none", () => {
    const replica = new Replica();
    expect(replica.store.nextExpiry).toBeNull();
    replica.apply(put("late", "a", { ttl: 9_000_000 }), 0);
    replica.apply(put("soon", "a", { ttl: 1_000_000 }), 0);
    expect(replica.store.nextExpiry).toBe(1_000_000);
    replica.apply(put("soon", "b"), 0);
    expect(replica.store.nextExpiry).toBe(9_000_000);
  });

  it("does not run backwards with an entry of an earlier time", () => {
    const replica = new Replica();
    replica.apply(put("k", "a", { ttl: 1_000_000 }), 5_000_000);
    replica.apply(tick, 6_000_000);
    replica.apply(put("l", "a", { ttl: 400_000 }), 5_500_000);
    expect(replica.get("l").value).toBe("a");
    replica.apply(tick, 0);
    expect(replica.get("l").code).toBe("not-found");
  });
});

describe("limits and bad bytes", () => {
  it("answers nonsense with bad-request and stays as it was", () => {
    const replica = new Replica();
    replica.apply(put("k", "a"));
    const before = replica.store.entries();
    const whole = encodeWith(strongCommandCodec, put("k", "b"));
    const random = createRandom(7);
    const bad = [
      new Uint8Array(),
      new Uint8Array([99]),
      whole.slice(0, -1),
      new Uint8Array([...whole, 0]),
      ...Array.from({ length: 200 }, () => Uint8Array.from({ length: 9 }, () => random.int(256))),
    ];
    for (const bytes of bad) {
      if (replica.applyBytes(bytes).code === "bad-request") {
        expect(replica.store.entries()).toEqual(before);
      }
      expect(() => replica.store.query(bytes)).not.toThrow();
    }
    expect(replica.applyBytes(new Uint8Array([99])).code).toBe("bad-request");
  });

  it("refuses a namespace that could be mistaken for another's key", () => {
    const replica = new Replica();
    const sly: StrongCommand = { ...put("k", "a"), namespace: "n\u0000x" } as StrongCommand;
    expect(replica.apply(sly).code).toBe("bad-request");
    expect(replica.store.entries()).toEqual([]);
  });

  it("refuses what is larger than a value may be", () => {
    const replica = new Replica();
    const bytes = encodeWith(strongCommandCodec, put("k", "x".repeat(MAX_VALUE_BYTES + 1)));
    expect(replica.applyBytes(bytes).code).toBe("bad-request");
  });

  it("is busy for one key too many, but still takes writes to those that are there", () => {
    const replica = new Replica();
    replica.store.restore(fullSnapshot());
    expect(replica.apply(put("one more", "")).code).toBe("busy");
    expect(replica.apply(put("k0", "b")).code).toBe("ok");
    replica.apply(remove("k1"));
    expect(replica.apply(put("one more", "")).code).toBe("ok");
  });
});

describe("snapshots", () => {
  function history(order: readonly string[]): Replica {
    const replica = new Replica();
    for (const key of order) {
      replica.apply(put(key, key, key === "b" ? { ttl: 90_000_000 } : {}), 1_000_000);
    }
    return replica;
  }

  it("are the same bytes for the same state, and bring it back with its expiries", () => {
    const replica = history(["b", "a", "c"]);
    replica.apply({ kind: "note", text: "decided" });
    const snapshot = replica.store.snapshot();
    const copy = new Replica();
    copy.store.restore(snapshot);
    expect(copy.store.snapshot()).toEqual(snapshot);
    expect(copy.store.nextExpiry).toBe(replica.store.nextExpiry);
    copy.index = replica.index;
    for (const each of [replica, copy]) {
      each.apply(tick, 91_000_000);
    }
    expect(copy.store.snapshot()).toEqual(replica.store.snapshot());
    expect(copy.get("b").code).toBe("not-found");
  });

  it("do not depend on the order in which keys came", () => {
    const entries = (order: readonly string[]): string[] =>
      history(order)
        .store.entries()
        .map(({ key }) => key);
    expect(entries(["b", "a", "c"])).toEqual(entries(["c", "b", "a"]));
  });

  it("count only what is different as changed", () => {
    const replica = history(["a", "b"]);
    const copy = new Replica();
    copy.store.restore(replica.store.snapshot());
    copy.store.takeChanges();
    replica.apply(put("a", "new"));
    replica.apply(remove("b"));
    copy.store.restore(replica.store.snapshot());
    expect(copy.store.takeChanges()).toMatchObject([
      { key: "a", cause: "write" },
      { key: "b", cause: "delete", entry: null },
    ]);
  });

  it("that are damaged are refused, and nothing changes", () => {
    const replica = history(["a", "b"]);
    const snapshot = replica.store.snapshot();
    const bad = [
      new Uint8Array(),
      snapshot.slice(0, -1),
      new Uint8Array([...snapshot, 0]),
      new Uint8Array([0, 0, 255, 255, 255, 127]),
    ];
    for (const bytes of bad) {
      expect(() => replica.store.restore(bytes)).toThrow(DecodeError);
      expect(replica.store.snapshot()).toEqual(snapshot);
    }
  });
});
