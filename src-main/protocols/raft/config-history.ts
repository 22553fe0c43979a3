/**
 * Configurations take effect when they are appended, committed or not (dissertation section 4.1),
 * and lose it again when their entry is truncated: so the ones before are kept.
 */
import { assert } from "#main/kernel/assert.ts";
import { decodeConfig, type GroupConfig } from "./config.ts";
import type { Entry } from "./entry.ts";

export interface PlacedConfig {
  readonly index: number;
  readonly config: GroupConfig;
}

export class ConfigHistory {
  #placed: PlacedConfig[];

  constructor(base: PlacedConfig) {
    this.#placed = [base];
  }

  get latest(): PlacedConfig {
    return this.#placed.at(-1) as PlacedConfig;
  }

  /** The one before the latest, as far as it is kept: else the latest. */
  get previous(): PlacedConfig {
    return this.#placed.at(-2) ?? this.latest;
  }

  /** The one in force at an index that is not older than the base's. */
  at(index: number): PlacedConfig {
    return (
      this.#placed.findLast((placed) => placed.index <= index) ?? (this.#placed[0] as PlacedConfig)
    );
  }

  /** Whether there was a configuration among the entries. */
  append(entries: readonly Entry[]): boolean {
    const before = this.#placed.length;
    for (const entry of entries) {
      if (entry.kind === "config") {
        const config = decodeConfig(entry.data);
        assert(config !== null, "configurations are checked before they are appended");
        this.#placed.push({ index: entry.index, config });
      }
    }
    return this.#placed.length > before;
  }

  /** Whether the configuration changed by it. */
  truncate(from: number): boolean {
    const before = this.#placed.length;
    this.#placed = this.#placed.filter((placed, i) => i === 0 || placed.index < from);
    return this.#placed.length < before;
  }

  compact(index: number): void {
    const base = this.at(index);
    this.#placed = [base, ...this.#placed.filter((placed) => placed.index > index)];
  }

  reset(base: PlacedConfig): void {
    this.#placed = [base];
  }
}
