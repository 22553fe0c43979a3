import { WireWriter } from "#main/kernel/wire.ts";
import { memoryCodec } from "./codec.ts";
import { MAX_UPDATES, UPDATES_BYTES } from "./limits.ts";
import type { MemoryMessage, Update } from "./types.ts";

const writer = new WireWriter();

/** Bytes of a message on the wire. */
export function sizeOf(message: MemoryMessage): number {
  memoryCodec.encode(writer.reset(), message);
  return writer.length;
}

/** As many updates to a message as it may carry; one that is large goes alone. */
export function packUpdates(updates: readonly Update[]): Update[][] {
  const packs: Update[][] = [];
  let pack: Update[] = [];
  let bytes = 0;
  for (const update of updates) {
    const size = sizeOf({ kind: "repair", updates: [update] });
    if (pack.length >= MAX_UPDATES || (pack.length > 0 && bytes + size > UPDATES_BYTES)) {
      packs.push(pack);
      pack = [];
      bytes = 0;
    }
    pack.push(update);
    bytes += size;
  }
  return pack.length > 0 ? [...packs, pack] : packs;
}
