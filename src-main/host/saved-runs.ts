/** The library of saved runs, as the gateway offers it. */
import type { SavedRun } from "#shared/contract/inspection.ts";
import type { RunShelf } from "#main/gateway/ports.ts";
import { recordingSummary } from "#main/sim/recording/summary.ts";
import type { RunLibrary } from "#main/storage/run-library.ts";

export class SavedRuns implements RunShelf {
  readonly #library: RunLibrary;

  constructor(library: RunLibrary) {
    this.#library = library;
  }

  list(): Promise<readonly SavedRun[]> {
    return this.#library.list();
  }

  /** Throws `MeshError` "bad-recording" where `text` is none. */
  async save(name: string, text: string): Promise<SavedRun> {
    return this.#library.save(name, text, { ...recordingSummary(text), savedMs: Date.now() });
  }

  read(id: string): Promise<string> {
    return this.#library.read(id);
  }

  delete(id: string): Promise<void> {
    return this.#library.delete(id);
  }
}
