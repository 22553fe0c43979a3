import type {
  Method,
  ParamsOf,
  ResultOf,
  Topic,
  TopicParams,
  TopicPush,
} from "#shared/contract/protocol.ts";
import type { MeshError } from "#shared/contract/errors.ts";

export interface StreamHandlers<T extends Topic> {
  push(push: TopicPush<T>): void;
  /** The stream is over; with an error when it was not asked for. */
  end?(error: MeshError | undefined): void;
}

export interface Stream {
  /** Ready for that many more events. */
  grant(events: number): void;
  cancel(): void;
}

/** The host as the console sees it, whatever lies between. */
export interface HostClient {
  /** Rejects with a `MeshError`: `disconnected` while there is no session. */
  request<M extends Method>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>>;
  subscribe<T extends Topic>(topic: T, params: TopicParams<T>, handlers: StreamHandlers<T>): Stream;
}
