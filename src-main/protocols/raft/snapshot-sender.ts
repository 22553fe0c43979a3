/** A leader's snapshot on its way to members whose next entry was compacted away, in chunks. */
import { assert } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { ms } from "#main/kernel/time.ts";
import type { Progress, SnapshotTransfer } from "./progress.ts";
import type { RaftState } from "./state.ts";
import type { MessageOf, SnapshotMeta } from "./types.ts";

export class SnapshotSender {
  readonly #state: RaftState;

  constructor(state: RaftState) {
    this.#state = state;
  }

  begin(node: NodeId, progress: Progress): void {
    const { snapshot, now } = this.#state;
    assert(snapshot !== null, "entries were compacted without a snapshot");
    progress.becomeSnapshot(snapshot, now);
    this.#emit("sent", progress.transfer as SnapshotTransfer);
    this.#sendChunk(node, progress);
  }

  onReply(from: NodeId, progress: Progress, message: MessageOf<"snapshot-reply">): void {
    const { transfer } = progress;
    if (transfer === null || message.index !== transfer.snapshot.index) {
      return;
    }
    const { received } = message;
    if (received > transfer.snapshot.data.length) {
      this.#state.reject(from, `has ${received} bytes of a smaller snapshot`);
    } else if (received === 0 && transfer.offset > 0) {
      // It refused, or lost what it had: begin again, from where its log is found to be.
      progress.becomeProbe(progress.match + 1);
    } else if (received > transfer.offset) {
      transfer.offset = received;
      this.#sendChunk(from, progress);
    }
  }

  /** A chunk or its answer was lost. */
  resendIfStale(node: NodeId, progress: Progress): void {
    const { transfer } = progress;
    const { now, options } = this.#state;
    if (transfer !== null && now - transfer.sentAt >= ms(options.retryIntervalMs)) {
      this.#sendChunk(node, progress);
    }
  }

  #sendChunk(node: NodeId, progress: Progress): void {
    const transfer = progress.transfer as SnapshotTransfer;
    const { snapshot, offset } = transfer;
    const { term, now, options } = this.#state;
    const { index, time, config, chain } = snapshot;
    const meta: SnapshotMeta = { index, term: snapshot.term, time, config, chain };
    const total = snapshot.data.length;
    const data = snapshot.data.subarray(offset, offset + options.snapshotChunkBytes);
    transfer.sentAt = now;
    this.#state.send(node, { kind: "snapshot", term, meta, total, offset, data });
  }

  #emit(how: "sent", { snapshot }: SnapshotTransfer): void {
    const { term, index, chain: digest, data } = snapshot;
    this.#state.emit({ kind: "snapshot", how, term, index, digest, bytes: data.length });
  }
}
