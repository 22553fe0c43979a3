/** Taking snapshots and compacting behind them; installing a leader's (Raft section 7). */
import type { NodeId } from "#main/kernel/machine.ts";
import { DecodeError } from "#main/kernel/wire.ts";
import type { Applier } from "./applying.ts";
import type { Entry } from "./entry.ts";
import type { Following } from "./following.ts";
import { settleRole } from "./roles.ts";
import type { RaftState } from "./state.ts";
import type { MessageOf, Snapshot, SnapshotMeta } from "./types.ts";

/** A snapshot of which some chunks are here. */
interface Partial {
  readonly meta: SnapshotMeta;
  readonly total: number;
  readonly chunks: Uint8Array[];
  received: number;
}

export class Snapshots {
  readonly #state: RaftState;
  readonly #applier: Applier;
  readonly #following: Following;
  #partial: Partial | null = null;

  constructor(state: RaftState, applier: Applier, following: Following) {
    this.#state = state;
    this.#applier = applier;
    this.#following = following;
  }

  /** Takes one when enough was applied since the last. */
  takeIfDue(): void {
    const { applied, snapshot, options } = this.#state;
    if (applied - (snapshot?.index ?? 0) >= options.snapshotEveryEntries) {
      this.take();
    }
  }

  take(): void {
    const state = this.#state;
    const { applied, log, configs, options } = state;
    const { term, time } = log.entry(applied) as Entry;
    const { config } = configs.at(applied);
    const { chain } = this.#applier;
    const data = this.#applier.snapshot();
    state.snapshot = { index: applied, term, time, config, chain, data };
    configs.compact(applied);
    const keepFrom = applied - options.trailingEntries;
    if (keepFrom >= log.first) {
      log.compact(keepFrom);
    }
    this.#persist("taken", state.snapshot);
  }

  onChunk(from: NodeId, message: MessageOf<"snapshot">): void {
    const state = this.#state;
    const { term, meta, total } = message;
    if (term < state.term) {
      this.#reply(from, meta.index, 0);
      return;
    }
    if (meta.term > term || total > state.options.maxSnapshotBytes) {
      state.reject(from, "a snapshot from the future, or too large");
      return;
    }
    if (!this.#following.accept(from, term)) {
      return;
    }
    if (meta.index <= state.commit || state.log.term(meta.index) === meta.term) {
      // Old news: everything it stands for is in the log.
      this.#applier.commitTo(meta.index);
      this.#accepted(from, Math.max(meta.index, state.commit));
      return;
    }
    this.#collect(from, message);
  }

  #collect(from: NodeId, { meta, total, offset, data }: MessageOf<"snapshot">): void {
    const known = this.#partial;
    const goesOn =
      known !== null &&
      known.meta.index === meta.index &&
      known.meta.term === meta.term &&
      known.meta.chain === meta.chain &&
      known.total === total;
    const partial = goesOn ? known : { meta, total, chunks: [], received: 0 };
    this.#partial = partial;
    if (offset === partial.received && offset + data.length <= total) {
      partial.chunks.push(data);
      partial.received += data.length;
    }
    if (partial.received === total) {
      this.#partial = null;
      this.#install(from, { ...meta, data: joined(partial) });
    } else {
      this.#reply(from, meta.index, partial.received);
    }
  }

  #install(from: NodeId, snapshot: Snapshot): void {
    const state = this.#state;
    try {
      this.#applier.restore(snapshot);
    } catch (error) {
      if (!(error instanceof DecodeError)) {
        throw error;
      }
      state.reject(from, `snapshot at ${snapshot.index}: ${error.message}`);
      this.#reply(from, snapshot.index, 0);
      return;
    }
    const { index, term, time, config } = snapshot;
    state.log.reset({ index, term, time });
    state.configs.reset({ index, config });
    state.commit = index;
    state.applied = index;
    state.snapshot = snapshot;
    this.#persist("installed", snapshot);
    state.emit({ kind: "committed", term: state.term, index });
    state.emitConfig();
    settleRole(state, "config");
    this.#accepted(from, index);
  }

  /** One atomic record in place of all earlier ones. */
  #persist(how: "taken" | "installed", snapshot: Snapshot): void {
    const { log, out, hard } = this.#state;
    const { index, term, chain: digest, data } = snapshot;
    const entries = log.slice(index + 1, log.last, Number.MAX_SAFE_INTEGER);
    out.persist({ kind: "checkpoint", hard, snapshot, entries });
    out.emit({ kind: "snapshot", how, term, index, digest, bytes: data.length });
  }

  #accepted(to: NodeId, match: number): void {
    const signature = this.#following.signature();
    this.#state.send(to, { kind: "append-reply", ok: true, match, ...signature });
  }

  #reply(to: NodeId, index: number, received: number): void {
    const signature = this.#following.signature();
    this.#state.send(to, { kind: "snapshot-reply", index, received, ...signature });
  }
}

function joined({ chunks, total }: Partial): Uint8Array {
  const data = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    data.set(chunk, at);
    at += chunk.length;
  }
  return data;
}
