/** A copy of the sources in which bugs can be planted: the working tree itself is never touched. */
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { ROOT } from "../lib/files.ts";
import { type Mutant, planted } from "./mutant.ts";

/** What unit tests read. */
const COPIED = [
  "package.json",
  "vitest.config.ts",
  "tsconfig.json",
  "tsconfig.base.json",
  "tsconfig.core.json",
  "tsconfig.tests.json",
  "docs",
  "resources",
  "scripts",
  "src-main",
  "src-shared",
];
const SKIPPED: ReadonlySet<string> = new Set(["node_modules", "dist", ".vitest", "test-results"]);

export class SourceCopy {
  readonly folder = mkdtempSync(join(tmpdir(), "meshdeck-mutants-"));

  constructor() {
    for (const name of COPIED.filter((one) => existsSync(ROOT + one))) {
      const filter = (path: string): boolean => !SKIPPED.has(basename(path));
      cpSync(ROOT + name, join(this.folder, name), { recursive: true, filter });
    }
    const type = process.platform === "win32" ? "junction" : "dir";
    symlinkSync(`${ROOT}node_modules`, join(this.folder, "node_modules"), type);
  }

  /** Runs `work` with the bug planted; null when it does not fit the source. */
  async withMutant<T>(mutant: Mutant, work: () => Promise<T>): Promise<T | null> {
    const path = join(this.folder, mutant.file);
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const changed = planted(text, mutant);
    if (changed === null) {
      return null;
    }
    writeFileSync(path, changed);
    try {
      return await work();
    } finally {
      writeFileSync(path, text);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
