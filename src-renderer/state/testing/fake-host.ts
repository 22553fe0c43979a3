import type { MeshDescription, MeshStatus } from "#shared/contract/description.ts";
import type { MeshListing } from "#shared/contract/protocol.ts";
import { COMMAND_TYPES } from "#shared/contract/commands.ts";
import type { HostClient } from "../../client/host-client.ts";

interface Asked {
  readonly method: string;
  readonly params: unknown;
}

export interface FakeHost {
  readonly client: HostClient;
  readonly asked: Asked[];
  /** What the next requests of a method get; a `MeshError` rejects. */
  answer(method: string, ...results: readonly unknown[]): void;
  /** Streams in the order they were opened. */
  readonly streams: {
    readonly topic: string;
    readonly params: unknown;
    readonly push: (push: unknown) => void;
    readonly end: () => void;
    granted: number;
    cancelled: boolean;
  }[];
}

/** A host that answers what a test tells it to. */
export function fakeHost(): FakeHost {
  const asked: Asked[] = [];
  const answers = new Map<string, unknown[]>();
  const streams: FakeHost["streams"] = [];
  const client: HostClient = {
    request(method, params) {
      asked.push({ method, params });
      const result = answers.get(method)?.shift() ?? {};
      return result instanceof Error ? Promise.reject(result) : Promise.resolve(result as never);
    },
    subscribe(topic, params, listener) {
      const push = listener.push as (push: unknown) => void;
      const end = () => listener.end?.(undefined);
      const stream = { topic, params, push, end, granted: 0, cancelled: false };
      streams.push(stream);
      return {
        grant: (events) => {
          stream.granted += events;
        },
        cancel: () => {
          stream.cancelled = true;
        },
      };
    },
  };
  return {
    client,
    asked,
    answer: (method, ...results) => void answers.set(method, [...results]),
    streams,
  };
}

export const STATUS: MeshStatus = {
  connection: { state: "live" },
  seq: 0,
  at: 0,
  historyFrom: 0,
  playing: true,
  ratio: 1,
};

export function describeMesh(part: Partial<MeshDescription> = {}): MeshDescription {
  return {
    id: "demo",
    name: "demo",
    kind: "simulated",
    clock: "virtual",
    capabilities: Object.fromEntries(COMMAND_TYPES.map((type) => [type, null])),
    traces: true,
    sandbox: true,
    ...part,
  };
}

export function listing(id: string, status: Partial<MeshStatus> = {}): MeshListing {
  return { description: describeMesh({ id }), status: { ...STATUS, ...status } };
}
