/** All sessions of a host, whatever wire they came over: who they are and what they may reach. */
import { randomUUID } from "node:crypto";
import { type Role, ROLES, roleAllows } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshListing, Method, ResultOf } from "#shared/contract/protocol.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { Channel } from "#shared/rpc/channel.ts";
import type {
  CheckedParams,
  Hello,
  HostPort,
  RefusedRequest,
  SessionInfo,
  TraceParams,
} from "#shared/rpc/host-port.ts";
import { Session } from "#shared/rpc/server.ts";
import { auditRefusal } from "./audited.ts";
import { createMethods, type MethodHandlers, refusedIntent } from "./methods.ts";
import type { GatewayPorts } from "./ports.ts";

/** The list of meshes is pushed at most this often. */
const LIST_EVERY_MS = 250;

export interface GatewayOptions {
  /** Name and version of the host software. */
  readonly name: string;
  /** Nobody gets a greater role, whatever their token. */
  readonly mostRole: Role;
  readonly roleOfToken: (token: string) => Role | undefined;
}

/** How a channel's role is found: by the token it shows, or by where the channel came from. */
export type Trust = { readonly byToken: true } | { readonly role: Role };

export class Gateway {
  readonly #ports: GatewayPorts;
  readonly #options: GatewayOptions;
  readonly #methods: MethodHandlers;
  readonly #sessions = new Set<Session>();
  readonly #instance = randomUUID();
  #opened = 0;

  constructor(ports: GatewayPorts, options: GatewayOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#methods = createMethods({
      ...ports,
      onMeshClosed: (mesh) => this.#endMesh(mesh),
    });
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  serve(channel: Channel, trust: Trust): void {
    this.#opened += 1;
    const session: Session = new Session(channel, {
      host: this.#hostPort(trust),
      timers: { after },
      name: this.#options.name,
      instance: this.#instance,
      session: String(this.#opened),
      onEnd: () => this.#sessions.delete(session),
    });
    this.#sessions.add(session);
  }

  close(): void {
    const error = new MeshError("closed", "The host is closing.", { retryable: true });
    for (const session of this.#sessions) session.close(error);
  }

  #endMesh(mesh: string): void {
    const error = new MeshError("closed", "This mesh was closed.");
    for (const session of this.#sessions) session.endMesh(mesh, error);
  }

  #hostPort(trust: Trust): HostPort {
    return {
      authorise: (hello) => this.#authorise(hello, trust),
      request: (method, params, session) => this.#request(method, params, session),
      refused: (refusal, session) => this.#refused(refusal, session),
      mesh: (id) => this.#ports.meshes.get(id),
      meshes: (push) => this.#pushMeshes(push),
      trace: (params, push) => this.#trace(params, push),
      defect: (cause) => this.#ports.onInternalError(cause),
    };
  }

  #authorise(hello: Hello, trust: Trust): Role {
    const role = "role" in trust ? trust.role : this.#options.roleOfToken(hello.token ?? "");
    if (role === undefined) {
      const message = "The host does not know this token; `meshdeck token` prints the right one.";
      throw new MeshError("bad-token", message);
    }
    return (
      ROLES.findLast((one) => roleAllows(role, one) && roleAllows(this.#options.mostRole, one)) ??
      "viewer"
    );
  }

  #request<M extends Method>(
    method: M,
    params: CheckedParams<M>,
    session: SessionInfo,
  ): Promise<ResultOf<M>> {
    return this.#methods[method](params, session);
  }

  #refused(refusal: RefusedRequest, session: SessionInfo): void {
    const intent = refusedIntent(this.#ports, session, refusal);
    if (intent !== undefined) auditRefusal(this.#ports, intent, refusal.error);
  }

  #pushMeshes(push: (meshes: MeshListing[]) => void): () => void {
    const { meshes } = this.#ports;
    let timer: NodeJS.Timeout | undefined;
    const stopWatching = meshes.watch(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        push([...meshes.list()]);
      }, LIST_EVERY_MS);
    });
    push([...meshes.list()]);
    return () => {
      stopWatching();
      clearTimeout(timer);
    };
  }

  #trace(params: TraceParams, push: (batch: TraceBatch) => void): () => void {
    const source = this.#ports.meshes.get(params.mesh);
    if (source.trace === undefined) {
      throw new MeshError("not-supported", "Single messages of this mesh cannot be traced.");
    }
    const { nodes, maxPerBatch } = params;
    return source.trace(nodes === undefined ? { maxPerBatch } : { nodes, maxPerBatch }, push);
  }
}

function after(ms: number, call: () => void): () => void {
  const timer = setTimeout(call, ms);
  return () => clearTimeout(timer);
}
