/** The smallest state machine in which order and repetition show: a list of what was applied. */
import type { AppliedAt, StateMachine } from "../state-machine.ts";
import { DecodeError, WireReader, WireWriter } from "../wire.ts";
import { decodeList, encodeList } from "../wire-lists.ts";

const MAX_ENTRIES = 1_000_000;
const MAX_ENTRY_BYTES = 1024 * 1024;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function toBytes(text: string): Uint8Array {
  return encoder.encode(text);
}

export function toText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** A command's result is its place in the list, from 1; a query's is the whole list. */
export class AppendLog implements StateMachine {
  readonly times: number[] = [];
  #entries: string[] = [];

  get entries(): readonly string[] {
    return this.#entries;
  }

  apply(command: Uint8Array, at: AppliedAt): Uint8Array {
    this.#entries.push(toText(command));
    this.times.push(at.time);
    return toBytes(String(this.#entries.length));
  }

  query(_query: Uint8Array): Uint8Array {
    return toBytes(this.#entries.join(","));
  }

  snapshot(): Uint8Array {
    const writer = new WireWriter();
    encodeList(writer, this.#entries, (to, entry) => to.bytes(toBytes(entry)));
    return writer.finish();
  }

  restore(snapshot: Uint8Array): void {
    const reader = new WireReader(snapshot);
    const entries = decodeList(reader, MAX_ENTRIES, (from) => from.bytes(MAX_ENTRY_BYTES));
    if (reader.remaining > 0) {
      throw new DecodeError("bytes behind the list");
    }
    this.#entries = entries.map(toText);
  }
}
