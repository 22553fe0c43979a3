import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, describe, expect, it } from "vitest";
import { MeshError } from "#shared/contract/errors.ts";
import { defaultDataFolder, setAside, takeDataFolder } from "./data-folder.ts";
import { describeJournal, INTENT } from "./journal-conformance.ts";
import { MemoryJournal } from "./memory-journal.ts";
import { openSqliteJournal } from "./sqlite-journal.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-journal-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let files = 0;
function freshPath(): string {
  files += 1;
  return join(root, `journal-${files}.db`);
}

describeJournal("memory", () => new MemoryJournal());
describeJournal("sqlite", () => openSqliteJournal(freshPath()));

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof MeshError) return error.code;
    throw error;
  }
  return "no error";
}

/** A closed journal file with three entries. */
function writtenJournal(): string {
  const path = freshPath();
  const journal = openSqliteJournal(path);
  for (const actor of ["a", "b", "c"]) {
    journal.completeAudit(journal.beginAudit({ ...INTENT, actor }), { outcome: "done" });
  }
  journal.close();
  return path;
}

function tamper(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec("DROP TRIGGER audit_is_append_only; DROP TRIGGER audit_is_kept;");
  database.exec(sql);
  database.close();
}

describe("the journal file", () => {
  it("keeps entries and settings across a restart", () => {
    const path = writtenJournal();
    const again = openSqliteJournal(path);
    expect(again.listAudit({ limit: 9 }).map((entry) => entry.actor)).toEqual(["c", "b", "a"]);
    again.close();
  });

  it("turns an intent whose process died into a failed entry", () => {
    const path = freshPath();
    const journal = openSqliteJournal(path);
    journal.beginAudit(INTENT);
    journal.close();
    const [entry] = openSqliteJournal(path).listAudit({ limit: 9 });
    expect(entry).toMatchObject({ id: 1, command: "node.kill", outcome: "failed" });
    expect(entry?.error?.message).toMatch(/ended before/);
  });

  it.each([
    [
      "an entry was changed",
      "UPDATE audit SET body = replace(body, '\"b\"', '\"x\"') WHERE id = 2",
    ],
    ["an entry is missing", "DELETE FROM audit WHERE id = 2"],
    ["the newest entry is missing", "DELETE FROM audit WHERE id = 3"],
    ["the first entry is missing", "DELETE FROM audit WHERE id = 1"],
    ["the head was changed", `UPDATE audit_head SET hash = '${"f".repeat(64)}'`],
  ])("is damaged when %s", (_what, sql) => {
    const path = writtenJournal();
    tamper(path, sql);
    expect(codeOf(() => openSqliteJournal(path))).toBe("journal-damaged");
  });

  it("is damaged when it is no database, and is left as it was", () => {
    const path = freshPath();
    writeFileSync(
      path,
      "this is not a database at all, but long enough to be read as one".repeat(9),
    );
    const before = readFileSync(path);
    expect(codeOf(() => openSqliteJournal(path))).toBe("journal-damaged");
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it("refuses to change or delete an entry", () => {
    const path = writtenJournal();
    const database = new DatabaseSync(path);
    expect(() => database.exec("DELETE FROM audit")).toThrow(/append-only/);
    expect(() => database.exec("UPDATE audit SET body = '{}'")).toThrow(/append-only/);
    database.close();
  });

  it("was written by a newer version", () => {
    const path = writtenJournal();
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 2");
    database.close();
    expect(codeOf(() => openSqliteJournal(path))).toBe("version-mismatch");
  });

  it("is locked while another program writes, and works again afterwards", () => {
    const path = freshPath();
    const journal = openSqliteJournal(path);
    const other = new DatabaseSync(path);
    other.exec("BEGIN IMMEDIATE");
    expect(codeOf(() => journal.beginAudit(INTENT))).toBe("journal-locked");
    other.exec("ROLLBACK");
    other.close();
    expect(journal.beginAudit(INTENT)).toBe(1);
    journal.close();
  });

  it("takes no more when the disk is full, and keeps what it has", () => {
    const path = writtenJournal();
    const database = new DatabaseSync(path);
    const pages = Number(database.prepare("PRAGMA page_count").get()?.["page_count"]);
    database.close();
    const journal = openSqliteJournal(path, { maxPages: pages });
    const huge = { ...INTENT, reason: "x".repeat(512) };
    expect(
      codeOf(() => {
        for (let count = 0; count < 200; count += 1) journal.beginAudit(huge);
      }),
    ).toBe("limit-reached");
    expect(journal.listAudit({ limit: 9 })).toHaveLength(3);
    journal.close();
  });
});

describe("the data folder", () => {
  it("is where the platform keeps a user's data", () => {
    const env = { APPDATA: "C:/Users/u/AppData/Roaming" };
    expect(defaultDataFolder("linux", {}, "/home/u")).toBe("/home/u/.local/share/meshdeck");
    expect(defaultDataFolder("linux", { XDG_DATA_HOME: "/data" }, "/home/u")).toBe(
      "/data/meshdeck",
    );
    expect(defaultDataFolder("linux", { XDG_DATA_HOME: "" }, "/h")).toBe(
      "/h/.local/share/meshdeck",
    );
    expect(defaultDataFolder("darwin", {}, "/Users/u")).toBe(
      "/Users/u/Library/Application Support/Meshdeck",
    );
    expect(defaultDataFolder("win32", env, "C:/Users/u")).toBe(
      "C:/Users/u/AppData/Roaming/Meshdeck",
    );
  });

  it("belongs to one host at a time, also across processes", () => {
    const path = join(root, "folder");
    const first = takeDataFolder(path);
    const script =
      `import { takeDataFolder } from ${JSON.stringify(join(import.meta.dirname, "data-folder.ts"))};` +
      `try { takeDataFolder(${JSON.stringify(path)}); console.log("taken"); }` +
      `catch (error) { console.log(error.code); }`;
    const run = (): string =>
      execFileSync(process.execPath, ["--input-type=module", "-e", script], {
        cwd: import.meta.dirname,
      })
        .toString()
        .trim();
    expect(run()).toBe("journal-locked");
    first.release();
    first.release();
    expect(run()).toBe("taken");
  });

  it("is refused where no folder can be made, at once", () => {
    writeFileSync(join(root, "a-file"), "");
    expect(() => takeDataFolder(join(root, "a-file", "below"))).toThrow(/cannot be used: /);
    if (process.platform === "linux") {
      expect(() => takeDataFolder("/proc/meshdeck/below")).toThrow(/cannot be used: /);
    }
  });

  it("is made with the folders above it", () => {
    const folder = takeDataFolder(join(root, "one", "two"));
    expect(statSync(folder.path).isDirectory()).toBe(true);
    folder.release();
  });

  it("can be read by its owner only", () => {
    const folder = takeDataFolder(join(root, "private"));
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    folder.release();
  });

  it("keeps a file that is set aside, and says where", () => {
    const path = writtenJournal();
    const before = readFileSync(path);
    expect(setAside(path, "damaged-1")).toBe(`${path}.damaged-1`);
    expect(readFileSync(`${path}.damaged-1`).equals(before)).toBe(true);
    expect(setAside(path, "damaged-2")).toBeUndefined();
  });
});
