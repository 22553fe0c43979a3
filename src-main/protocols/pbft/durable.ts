/** From what a replica knows to its disk and back. */
import type { Checkpoints } from "./checkpoints.ts";
import { NULL_BATCH, NULL_DIGEST, batchDigest } from "./digest.ts";
import type { Replica } from "./replica.ts";
import type { NewView, PbftRecord, PrePrepare, SlotImage, ViewChange } from "./types.ts";

/** The whole durable state: what was written before it is no longer needed. */
export function checkpointRecord(replica: Replica, checkpoints: Checkpoints): PbftRecord {
  const { view, demand: viewChange, newView, stable, silentUpTo } = replica;
  const snapshot = checkpoints.snapshotAt(replica.low)?.bytes ?? new Uint8Array(0);
  const slots = replica
    .slots()
    .filter(({ accepted, certificate }) => accepted !== null || certificate !== null)
    .map((slot) => slot.image());
  const silent = Number.isFinite(silentUpTo) ? silentUpTo : null;
  const state = { view, viewChange, newView, stable, snapshot, slots };
  return { kind: "checkpoint", ...state, silentUpTo: silent };
}

/** Brings back what the records say, in their order. Votes come back when the view is entered. */
export function restoreReplica(
  replica: Replica,
  checkpoints: Checkpoints,
  records: readonly PbftRecord[],
): void {
  for (const record of records) {
    switch (record.kind) {
      case "checkpoint":
        restoreCheckpoint(replica, checkpoints, record);
        break;
      case "pre-prepare":
        restorePrePrepare(replica, record.message);
        break;
      case "prepared":
        if (replica.inWindow(record.certificate.sequence)) {
          replica.slot(record.certificate.sequence).certificate = record.certificate;
        }
        break;
      case "view-change":
        restoreDemand(replica, record.message);
        break;
      case "new-view":
        restoreNewView(replica, record.message);
        break;
      case "silent":
        replica.silentUpTo = record.upTo ?? Number.POSITIVE_INFINITY;
        break;
      case "born":
        break;
    }
  }
}

function restoreCheckpoint(
  replica: Replica,
  checkpoints: Checkpoints,
  record: Extract<PbftRecord, { kind: "checkpoint" }>,
): void {
  replica.view = record.view;
  replica.demand = record.viewChange;
  replica.active = record.viewChange === null;
  replica.newView = record.newView;
  replica.silentUpTo = record.silentUpTo ?? Number.POSITIVE_INFINITY;
  replica.stable = record.stable;
  if (record.stable !== null) {
    replica.state.restore(record.snapshot);
    checkpoints.restore(record.stable, record.snapshot);
  }
  for (const image of record.slots) {
    restoreSlot(replica, image);
  }
}

function restoreSlot(replica: Replica, image: SlotImage): void {
  if (!replica.inWindow(image.sequence)) {
    return;
  }
  const slot = replica.slot(image.sequence);
  slot.accepted = image.accepted;
  slot.certificate = image.certificate;
  for (const batch of image.batches) {
    slot.keepBatch(batchDigest(batch), batch);
  }
}

function restorePrePrepare(replica: Replica, message: PrePrepare): void {
  const { sequence, view, digest, signature, batch } = message;
  if (replica.inWindow(sequence)) {
    const slot = replica.slot(sequence);
    slot.accepted = { view, digest, signature };
    slot.keepBatch(digest, batch);
  }
}

function restoreDemand(replica: Replica, message: ViewChange): void {
  replica.view = message.view;
  replica.active = false;
  replica.demand = message;
}

function restoreNewView(replica: Replica, message: NewView): void {
  const { view } = message;
  replica.view = view;
  replica.active = true;
  replica.demand = null;
  replica.newView = message;
  for (const { sequence, digest, signature } of message.orders) {
    if (replica.inWindow(sequence)) {
      const slot = replica.slot(sequence);
      slot.accepted = { view, digest, signature };
      if (digest === NULL_DIGEST) {
        slot.keepBatch(digest, NULL_BATCH);
      }
    }
  }
}
