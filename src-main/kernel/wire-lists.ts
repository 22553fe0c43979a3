/** Lists and names on the wire: what the codecs of several protocols share. */
import { DecodeError, type WireReader, type WireWriter } from "./wire.ts";

export function encodeList<Item>(
  writer: WireWriter,
  items: readonly Item[],
  encode: (writer: WireWriter, item: Item) => void,
): void {
  writer.varint(items.length);
  for (const item of items) {
    encode(writer, item);
  }
}

/** A list of at most `max` items; a longer one is a `DecodeError`. */
export function decodeList<Item>(
  reader: WireReader,
  max: number,
  decode: (reader: WireReader) => Item,
): Item[] {
  const count = reader.varint(max);
  const items: Item[] = [];
  for (let i = 0; i < count; i++) {
    items.push(decode(reader));
  }
  return items;
}

/** A node's name: not empty, at most 64 bytes. */
export function decodeNode(reader: WireReader): string {
  const node = reader.string(MAX_NODE_ID_BYTES);
  if (node === "") {
    throw new DecodeError("a node without a name");
  }
  return node;
}

/** The name that a tag stands for. */
export function nameOfTag<Name extends string>(names: readonly Name[], tag: number): Name {
  const name = names[tag];
  if (name === undefined) {
    throw new DecodeError(`unknown tag ${tag}`);
  }
  return name;
}

export const MAX_NODE_ID_BYTES = 64;
