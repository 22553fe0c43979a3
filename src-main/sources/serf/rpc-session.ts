/**
 * Serf's RPC without a socket: requests become bytes, bytes become replies and records. A request
 * is a header and, for some commands, a body; so is a reply. What a stream pushes comes under the
 * number of the request that opened it.
 */
import { Packr, Unpackr } from "msgpackr";
import { nonsense, ValueSplitter } from "./value-splitter.ts";

/** What comes after a reply's header. `maybe`: some versions send a body, which says nothing. */
export type Answer = "nothing" | "maybe" | "body" | "stream";

export type SessionOutput =
  | { readonly kind: "reply"; readonly seq: number; readonly body: unknown }
  | { readonly kind: "refused"; readonly seq: number; readonly error: string }
  | { readonly kind: "record"; readonly seq: number; readonly record: unknown };

export interface EncodedRequest {
  readonly seq: number;
  readonly bytes: Uint8Array;
}

const packr = new Packr({ useRecords: false, variableMapSize: true });
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true });

interface Header {
  readonly Seq: number;
  readonly Error: string;
}

export class RpcSession {
  readonly #splitter = new ValueSplitter();
  readonly #pending = new Map<number, Answer>();
  readonly #streams = new Set<number>();
  /** The value that must, or may, come next belongs to this request. */
  #body: { readonly seq: number; readonly of: "reply" | "record" | "leftover" } | undefined;
  #lastSeq = 0;

  /** `body` absent: the command has none. */
  request(command: string, answer: Answer, body?: object): EncodedRequest {
    this.#lastSeq += 1;
    const seq = this.#lastSeq;
    this.#pending.set(seq, answer);
    const header = packr.pack({ Command: command, Seq: seq });
    const bytes = body === undefined ? header : Buffer.concat([header, packr.pack(body)]);
    return { seq, bytes };
  }

  /** Throws `MeshError` "peer-protocol"; the session is of no use then. */
  receive(chunk: Uint8Array): readonly SessionOutput[] {
    const outputs: SessionOutput[] = [];
    for (const bytes of this.#splitter.push(chunk)) {
      const output = this.#value(decode(bytes));
      if (output !== undefined) outputs.push(output);
    }
    return outputs;
  }

  #value(value: unknown): SessionOutput | undefined {
    const body = this.#body;
    this.#body = undefined;
    if (isHeader(value)) {
      if (body !== undefined && body.of !== "leftover") throw nonsense("a body is missing");
      return this.#header(value);
    }
    if (body === undefined) throw nonsense("a reply does not begin with its number");
    if (body.of === "leftover") return undefined;
    if (typeof value !== "object" || value === null) throw nonsense("a body is not a map");
    if (body.of === "record") return { kind: "record", seq: body.seq, record: value };
    return { kind: "reply", seq: body.seq, body: value };
  }

  #header({ Seq: seq, Error: error }: Header): SessionOutput | undefined {
    if (this.#streams.has(seq)) {
      if (error !== "") throw nonsense(`a stream ended: ${error.slice(0, 100)}`);
      this.#body = { seq, of: "record" };
      return undefined;
    }
    const answer = this.#pending.get(seq);
    if (answer === undefined) throw nonsense(`it answers request ${seq}, which nobody made`);
    this.#pending.delete(seq);
    if (error !== "") return { kind: "refused", seq, error };
    if (answer === "body") {
      this.#body = { seq, of: "reply" };
      return undefined;
    }
    if (answer === "stream") this.#streams.add(seq);
    if (answer === "maybe") this.#body = { seq, of: "leftover" };
    return { kind: "reply", seq, body: undefined };
  }
}

function decode(bytes: Uint8Array): unknown {
  try {
    return unpackr.unpack(bytes);
  } catch {
    throw nonsense("a value cannot be decoded");
  }
}

/** By shape, because which commands have a body differs between versions of Serf. */
function isHeader(value: unknown): value is Header {
  if (typeof value !== "object" || value === null) return false;
  const { Seq, Error: error } = value as { readonly Seq?: unknown; readonly Error?: unknown };
  const exact = Object.keys(value).length === 2;
  return exact && Number.isSafeInteger(Seq) && typeof error === "string";
}
