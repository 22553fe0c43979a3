import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MeshError } from "#shared/contract/errors.ts";
import { RunLibrary } from "./run-library.ts";

const ABOUT = { nodes: 3, endsAt: 5_000_000, consensus: "raft", savedMs: 1_000 } as const;
const TEXT = "line one\nline two, with ümlauts and 汉字\n";

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "meshdeck-runs-")), "runs");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

async function code(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MeshError) return error.code;
    throw error;
  }
  return "no error";
}

describe("the library of runs", () => {
  it("gives back what was saved, in this host and in the next", async () => {
    const run = await new RunLibrary(folder).save("My first run!", TEXT, ABOUT);
    expect(run).toEqual({
      id: "my-first-run",
      name: "My first run!",
      bytes: Buffer.byteLength(TEXT),
      ...ABOUT,
    });
    const next = new RunLibrary(folder);
    expect(await next.list()).toEqual([run]);
    expect(await next.read("my-first-run")).toBe(TEXT);
  });

  it("keeps runs of the same name apart, and lists the newest first", async () => {
    const library = new RunLibrary(folder);
    for (const savedMs of [10, 30, 20])
      await library.save("x", `${savedMs}`, { ...ABOUT, savedMs });
    expect((await library.list()).map(({ id }) => id)).toEqual(["x-2", "x-3", "x"]);
    expect(await library.read("x-3")).toBe("20");
  });

  it("names a run whose name has no letters", async () => {
    const { id } = await new RunLibrary(folder).save("领导者选举", TEXT, ABOUT);
    expect(id).toBe("run");
  });

  it("deletes, and knows only what it has", async () => {
    const library = new RunLibrary(folder);
    await library.save("x", TEXT, ABOUT);
    await library.delete("x");
    expect(await library.list()).toEqual([]);
    expect(await code(library.read("x"))).toBe("unknown-run");
    expect(await code(library.delete("x"))).toBe("unknown-run");
  });

  it.each(["../journal", "..", "", "a/b", "A", "x\0", "."])(
    "never leaves its folder: %j",
    async (id) => {
      const library = new RunLibrary(folder);
      writeFileSync(join(folder, "..", "journal.run"), "secret");
      expect(await code(library.read(id))).toBe("unknown-run");
      expect(await code(library.delete(id))).toBe("unknown-run");
    },
  );

  it("holds so many runs", async () => {
    const library = new RunLibrary(folder, { runs: 2, bytes: 1e9 });
    const saves = ["a", "b", "c", "d"].map((name) => code(library.save(name, TEXT, ABOUT)));
    expect(await Promise.all(saves)).toEqual([
      "no error",
      "no error",
      "limit-reached",
      "limit-reached",
    ]);
    await library.delete("a");
    expect(await code(library.save("c", TEXT, ABOUT))).toBe("no error");
  });

  it("holds so many bytes", async () => {
    const library = new RunLibrary(folder, { runs: 100, bytes: 20_000 });
    expect(await code(library.save("a", "x".repeat(10_000), ABOUT))).toBe("no error");
    expect(await code(library.save("b", "x".repeat(10_000), ABOUT))).toBe("limit-reached");
    expect(readdirSync(folder)).toEqual(["a.run"]);
  });

  it("says where it cannot be, when it cannot", () => {
    writeFileSync(folder, "a file");
    expect(() => new RunLibrary(folder)).toThrow(expect.objectContaining({ code: "bad-options" }));
  });

  it("lists while runs come and go", async () => {
    const library = new RunLibrary(folder);
    const work = Array.from({ length: 10 }, async (_unused, i) => {
      const { id } = await library.save(`r${i}`, TEXT, ABOUT);
      await library.delete(id);
    });
    for (let i = 0; i < 20; i += 1) await library.list();
    await Promise.all(work);
    expect(await library.list()).toEqual([]);
  });

  it("clears away what was not finished when the host died", async () => {
    const library = new RunLibrary(folder);
    await library.save("x", TEXT, ABOUT);
    writeFileSync(join(folder, "0011.part"), "half");
    expect((await library.list()).map(({ id }) => id)).toEqual(["x"]);
    await new RunLibrary(folder).list();
    expect(readdirSync(folder)).toEqual(["x.run"]);
  });
});

describe("a damaged file", () => {
  const damages: readonly [string, (path: string) => void][] = [
    ["cut off in the text", (path) => writeFileSync(path, readFileSync(path).subarray(0, -3))],
    [
      "cut off in its first line",
      (path) => writeFileSync(path, readFileSync(path).subarray(0, 30)),
    ],
    ["empty", (path) => writeFileSync(path, "")],
    ["continued", (path) => appendFileSync(path, "more")],
    [
      "changed by one bit",
      (path) => {
        const bytes = readFileSync(path);
        bytes[bytes.length - 5] = (bytes.at(-5) ?? 0) ^ 1;
        writeFileSync(path, bytes);
      },
    ],
    ["something else", (path) => writeFileSync(path, "hello\n".repeat(5_000))],
  ];

  it.each(damages)("%s is told, not served, and can be deleted", async (_what, damage) => {
    const library = new RunLibrary(folder);
    await library.save("x", TEXT, ABOUT);
    await library.save("whole", TEXT, ABOUT);
    damage(join(folder, "x.run"));
    expect(await code(library.read("x"))).toBe("bad-recording");
    expect((await library.list()).map(({ id }) => id).toSorted()).toEqual(["whole", "x"]);
    expect(await library.read("whole")).toBe(TEXT);
    await library.delete("x");
    expect((await library.list()).map(({ id }) => id)).toEqual(["whole"]);
  });

  it("without a readable first line is listed as damaged", async () => {
    const library = new RunLibrary(folder);
    await library.save("x", TEXT, ABOUT);
    writeFileSync(join(folder, "x.run"), "nonsense");
    expect(await library.list()).toMatchObject([{ id: "x", name: "x (damaged)", bytes: 8 }]);
  });

  it("of a newer version is told as such", async () => {
    const library = new RunLibrary(folder);
    await library.save("x", TEXT, ABOUT);
    const path = join(folder, "x.run");
    writeFileSync(path, readFileSync(path, "utf8").replace('"version":1', '"version":2'));
    expect(await code(library.read("x"))).toBe("version-mismatch");
  });
});
