/**
 * A mesh of another host as one of ours: its events under their own numbers, its past as far as
 * either host keeps it, its commands as far as our role there allows.
 */
import { COMMANDS, type MeshCommand, roleAllows } from "#shared/contract/commands.ts";
import type { MeshDescription, MeshId, MeshStatus } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { type MeshEvent, parseMeshEvent } from "#shared/contract/events.ts";
import type { Inspection, MessageDetail } from "#shared/contract/inspection.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { Subscription } from "#shared/rpc/client.ts";
import type { MeshView } from "#shared/view/model.ts";
import { decodeSnapshot } from "#shared/view/snapshot.ts";
import { EventHub, type EventHubOptions } from "../history/event-hub.ts";
import type {
  CommandContext,
  CommandOutcome,
  LogWindow,
  MeshSink,
  MeshSource,
  MessageWindow,
} from "../mesh-source.ts";
import { Mirror } from "./mirror.ts";
import type { RemoteHost } from "./remote-host.ts";

export interface RemoteSourceOptions extends EventHubOptions {
  readonly host: RemoteHost;
  readonly id: MeshId;
  /** As the other host described it when it was opened. */
  readonly remote: MeshDescription;
  readonly wallMs: () => number;
}

/** Of a saved run; asking for it takes the other host a while. */
const RECORD_TIMEOUT_MS = 60_000;
const SNAPSHOT_TIMEOUT_MS = 15_000;

export class RemoteSource implements MeshSource {
  readonly #options: RemoteSourceOptions;
  readonly #hub: EventHub;
  readonly #mirror: Mirror;
  readonly #stopWatching: () => void;
  readonly #traces = new Set<Subscription>();
  #remoteStatus: MeshStatus | undefined;
  #lastHeardMs: number | undefined;
  #ended: string | undefined;
  #closed = false;

  private constructor(options: RemoteSourceOptions) {
    const { host, remote } = options;
    this.#options = options;
    this.#hub = new EventHub(options);
    host.retain();
    this.#stopWatching = host.watch(() => this.#tellStatus());
    this.#mirror = new Mirror(host.client, remote.id, {
      restart: (view) => this.#hub.restart(view),
      append: (events) => this.#append(events),
      status: (status) => this.#heard(status),
      ended: (reason) => {
        this.#ended = reason;
        this.#tellStatus();
      },
    });
  }

  /** Resolves once the first snapshot is here. */
  static async open(options: RemoteSourceOptions): Promise<RemoteSource> {
    const source = new RemoteSource(options);
    try {
      await withTimeout(source.#mirror.ready);
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  describe(): MeshDescription {
    const { id, remote, host } = this.#options;
    return {
      ...remote,
      id,
      kind: "remote",
      address: `${host.address.shown}/${remote.id}`,
      capabilities: this.#capabilities(),
      sandbox: false,
    };
  }

  status(): MeshStatus {
    const { view, historyFrom } = this.#hub;
    const remote = this.#remoteStatus;
    const heard = this.#lastHeardMs === undefined ? {} : { lastHeardMs: this.#lastHeardMs };
    return {
      ...remote,
      connection: this.#connection(),
      seq: view.seq,
      at: Math.max(view.at, remote?.at ?? 0),
      historyFrom: Math.min(historyFrom, remote?.historyFrom ?? historyFrom),
      ...heard,
    };
  }

  snapshot(): MeshView {
    return this.#hub.snapshot();
  }

  subscribe(sink: MeshSink, sinceSeq?: number): () => void {
    return this.#hub.subscribe(sink, sinceSeq);
  }

  async execute(command: MeshCommand, _context: CommandContext): Promise<CommandOutcome> {
    this.#checkOpen();
    const refusal = this.#capabilities()[command.type];
    if (refusal !== null) {
      throw new MeshError("not-supported", refusal ?? `This mesh does not offer ${command.type}.`);
    }
    const { host, remote } = this.#options;
    const outcome = await host.client.request("mesh.command", { mesh: remote.id, command });
    const { note, created } = outcome;
    return {
      ...(note === undefined ? {} : { note }),
      ...(created === undefined ? {} : { created }),
    };
  }

  async snapshotAt(at: number): Promise<MeshView> {
    const { host, remote } = this.#options;
    try {
      return await this.#hub.snapshotAt(at);
    } catch (error) {
      if (!isGone(error)) throw error;
      return decodeSnapshot(await host.client.request("mesh.snapshotAt", { mesh: remote.id, at }));
    }
  }

  async events(fromSeq: number, limit: number): Promise<readonly MeshEvent[]> {
    const { host, remote } = this.#options;
    try {
      return await this.#hub.events(fromSeq, limit);
    } catch (error) {
      if (!isGone(error)) throw error;
      const params = { mesh: remote.id, fromSeq, limit };
      return (await host.client.request("mesh.events", params)).map(parseMeshEvent);
    }
  }

  async record(): Promise<string> {
    this.#checkOpen();
    const { host, remote } = this.#options;
    const { text } = await host.client.request(
      "mesh.record",
      { mesh: remote.id },
      RECORD_TIMEOUT_MS,
    );
    return text;
  }

  trace(
    options: { readonly nodes?: readonly string[]; readonly maxPerBatch: number },
    sink: (batch: TraceBatch) => void,
  ): () => void {
    const { host, remote } = this.#options;
    const { nodes, maxPerBatch } = options;
    const only = nodes === undefined ? {} : { nodes: [...nodes] };
    const params = { mesh: remote.id, maxPerBatch, ...only };
    const subscription = host.client.subscribe("trace", params, { push: sink });
    this.#traces.add(subscription);
    return () => {
      this.#traces.delete(subscription);
      subscription.cancel();
    };
  }

  async messages(window: MessageWindow): Promise<TraceBatch> {
    this.#checkOpen();
    const { host, remote } = this.#options;
    const { nodes, ...rest } = window;
    const only = nodes === undefined ? {} : { nodes: [...nodes] };
    return host.client.request("mesh.messages", { mesh: remote.id, ...rest, ...only });
  }

  async message(message: number): Promise<MessageDetail> {
    this.#checkOpen();
    const { host, remote } = this.#options;
    return host.client.request("mesh.message", { mesh: remote.id, message });
  }

  async inspect(node: string, { from, limit: logLimit }: LogWindow): Promise<Inspection> {
    this.#checkOpen();
    const { host, remote } = this.#options;
    const params = { mesh: remote.id, node, logLimit };
    return host.client.request(
      "mesh.inspect",
      from === undefined ? params : { ...params, logFrom: from },
    );
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopWatching();
    this.#mirror.close();
    for (const trace of this.#traces) trace.cancel();
    this.#traces.clear();
    this.#hub.close();
    this.#options.host.release();
  }

  /** What the other mesh can do, less what our role there may not. */
  #capabilities(): MeshDescription["capabilities"] {
    const { host, remote } = this.#options;
    const role = host.welcome?.role ?? "viewer";
    const entries = Object.entries(COMMANDS).flatMap(([type, traits]) => {
      const theirs = remote.capabilities[type as MeshCommand["type"]];
      if (theirs === undefined) return [];
      const allowed = roleAllows(role, traits.role);
      const reason = `Your token there is for the role ${role}; this takes ${traits.role}.`;
      return [[type, allowed ? theirs : reason] as const];
    });
    return Object.fromEntries(entries);
  }

  #connection(): MeshStatus["connection"] {
    if (this.#closed) return { state: "stopped", reason: "This mesh is closed." };
    if (this.#ended !== undefined) return { state: "stopped", reason: this.#ended };
    const link = this.#options.host.state;
    return link.state === "live" ? (this.#remoteStatus?.connection ?? link) : link;
  }

  #append(events: readonly MeshEvent[]): void {
    this.#lastHeardMs = this.#options.wallMs();
    for (const event of events) this.#hub.append(event);
  }

  #heard(status: MeshStatus): void {
    this.#remoteStatus = status;
    this.#lastHeardMs = this.#options.wallMs();
    this.#tellStatus();
  }

  #tellStatus(): void {
    this.#hub.status(this.status());
  }

  #checkOpen(): void {
    if (this.#closed) throw new MeshError("closed", "This mesh is closed.");
  }
}

async function withTimeout(ready: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = "The other host sent no snapshot of the mesh in time.";
    timer = setTimeout(
      () => reject(new MeshError("timeout", message, { retryable: true })),
      SNAPSHOT_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([ready, late]);
  } finally {
    clearTimeout(timer);
  }
}

function isGone(error: unknown): boolean {
  return error instanceof MeshError && error.code === "history-gone";
}
