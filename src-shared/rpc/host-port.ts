/** What a session asks of the host behind it. The gateway implements this. */
import type { z } from "zod";
import type { Role } from "../contract/commands.ts";
import type { MeshId, MeshStatus } from "../contract/description.ts";
import type { MeshError } from "../contract/errors.ts";
import type { MeshEvent } from "../contract/events.ts";
import type { MeshListing, Method, METHODS, ResultOf, TOPICS } from "../contract/protocol.ts";
import type { TraceBatch } from "../contract/trace.ts";
import type { MeshView } from "../view/model.ts";

export interface SessionInfo {
  readonly id: string;
  readonly role: Role;
  /** What the client calls itself; for the audit log, not for trust. */
  readonly client: string;
}

export interface Hello {
  readonly client: string;
  readonly token: string | undefined;
}

/** Parameters after their schema filled in the defaults. */
export type CheckedParams<M extends Method> = z.output<(typeof METHODS)[M]["params"]>;
export type TraceParams = z.output<(typeof TOPICS)["trace"]["params"]>;

export interface RefusedRequest {
  readonly method: Method;
  /** As the client sent them, unchecked. */
  readonly params: unknown;
  readonly error: MeshError;
}

export interface FeedSink {
  events(events: readonly MeshEvent[]): void;
  status(status: MeshStatus): void;
  reset(): void;
}

/** A mesh to stream from; every `MeshSource` is one. */
export interface MeshFeed {
  snapshot(): MeshView;
  status(): MeshStatus;
  /** Never calls the sink before it returns; throws `MeshError` "history-gone". */
  subscribe(sink: FeedSink, sinceSeq?: number): () => void;
}

/** Everything here may throw (or reject with) a `MeshError`, which then goes to the client. */
export interface HostPort {
  authorise(hello: Hello): Role | Promise<Role>;
  /** The role that the method needs has been checked; the role of a command has not. */
  request<M extends Method>(
    method: M,
    params: CheckedParams<M>,
    session: SessionInfo,
  ): Promise<ResultOf<M>>;
  /** A request was turned away before it came to `request`: this role may not ask for that. */
  refused(refusal: RefusedRequest, session: SessionInfo): void;
  mesh(id: MeshId, session: SessionInfo): MeshFeed;
  /** Pushes the whole list at once and after every change; returns how to stop. */
  meshes(push: (meshes: MeshListing[]) => void, session: SessionInfo): () => void;
  trace(params: TraceParams, push: (batch: TraceBatch) => void, session: SessionInfo): () => void;
  /** Something threw that is no `MeshError`: a defect of the host, for its own log. */
  defect(cause: unknown): void;
}
