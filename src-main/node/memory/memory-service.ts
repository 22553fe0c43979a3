/**
 * A node's part in the mesh's memory: what a namespace is decides whether a request goes through
 * the agreed log or to the machine that merges.
 */
import type { CommandOf } from "#shared/contract/commands.ts";
import { MAX_INSPECTED_ENTRIES, type MemoryEntry } from "#shared/contract/inspection.ts";
import { unreachable } from "#main/kernel/assert.ts";
import { compareText } from "#main/kernel/crdt/canonical.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { WireReader } from "#main/kernel/wire.ts";
import { Memory } from "#main/protocols/memory/memory.ts";
import type { MemorySetup } from "#main/protocols/memory/setup.ts";
import type { StrongStore } from "#main/protocols/memory/strong-store.ts";
import type { MemoryEvent, MemoryInput } from "#main/protocols/memory/types.ts";
import type { Agreement } from "../agreement/agreement.ts";
import type { KeyCommand, MemoryCommand } from "../node-command.ts";
import type { Outbox } from "../outbox.ts";
import type { RequestAnswer, Requests } from "../requests.ts";
import { MEMORY_SLOT } from "../slots.ts";
import { eventualEntry, memoryAnswer, memoryEvents, strongEntry } from "../translate/memory.ts";

export interface MemoryPorts {
  readonly self: NodeId;
  readonly outbox: Outbox;
  readonly requests: Requests;
  /** Null: the mesh was opened without agreement, and has no strong namespaces. */
  readonly agreement: Agreement | null;
  readonly strong: StrongStore;
}

export class MemoryService {
  readonly #ports: MemoryPorts;
  readonly #machine: Memory;

  constructor(ports: MemoryPorts, setup: MemorySetup) {
    this.#ports = ports;
    this.#machine = new Memory(setup);
  }

  step(input: MemoryInput): void {
    const { outbox } = this.#ports;
    outbox.absorb(MEMORY_SLOT, this.#machine.step(input), input.now, this.#onEvent);
  }

  receive(from: NodeId, reader: WireReader, now: Micros): void {
    const message = MEMORY_SLOT.codec.decode(reader);
    reader.expectEnd();
    this.step({ kind: "message", now, from, message });
  }

  /** A namespace of the whole mesh; everybody is told the same, and nobody can refuse. */
  configure(
    namespace: { readonly name: string; readonly since: Micros } & Mode,
    now: Micros,
  ): void {
    const { name, mode, since } = namespace;
    this.step({ kind: "namespace", now, request: null, namespace: name, mode, since });
  }

  handle(command: MemoryCommand, now: Micros): void {
    if (command.type === "memory.namespace") {
      return this.#define(command, now);
    }
    const { namespace } = command;
    const mode = this.#machine.modeOf(namespace);
    if (mode === "strong") {
      return this.#agree(command, now);
    }
    if (mode === undefined) {
      const message = `nobody defined the namespace ${namespace}: define it first`;
      return this.#answer(command.id, { code: "not-found", message }, now);
    }
    this.#merge(command, now);
  }

  /** Both halves, in order; what does not fit is counted. */
  inspect(): { readonly memory: MemoryEntry[]; readonly memorySkipped: number } {
    const strong = this.#ports.strong.entries();
    const eventual = this.#machine.entries(MAX_INSPECTED_ENTRIES);
    const shown = strong.slice(0, MAX_INSPECTED_ENTRIES);
    const all = [...shown.map(strongEntry), ...eventual.entries.map(eventualEntry)];
    all.sort((a, b) => compareText(a.namespace, b.namespace) || compareText(a.key, b.key));
    const memory = all.slice(0, MAX_INSPECTED_ENTRIES);
    const held = strong.length + eventual.entries.length + eventual.skipped;
    return { memory, memorySkipped: held - memory.length };
  }

  #define(command: { readonly id: number } & CommandOf<"memory.namespace">, now: Micros): void {
    const { id: request, namespace, mode } = command;
    const refusal = mode === "strong" ? this.#noAgreement(namespace) : null;
    return refusal === null
      ? this.step({ kind: "namespace", now, request, namespace, mode, since: null })
      : this.#answer(request, refusal, now);
  }

  #noAgreement(namespace: string): RequestAnswer | null {
    if (this.#ports.agreement !== null) {
      return null;
    }
    const message =
      `${namespace} is a strong namespace, and this mesh runs no agreement protocol: ` +
      "open it with raft, pbft or epidemic, or use another mode";
    return { code: "not-supported", message };
  }

  #agree(command: KeyCommand, now: Micros): void {
    const { agreement } = this.#ports;
    const { id, namespace, key } = command;
    if (agreement === null) {
      return this.#answer(id, this.#noAgreement(namespace) ?? { code: "not-supported" }, now);
    }
    switch (command.type) {
      case "memory.write": {
        const { value, ttlMs, expect = null } = command;
        const ttl = ttlMs === undefined ? null : ms(ttlMs);
        return agreement.propose(id, { kind: "put", namespace, key, value, ttl, expect }, now);
      }
      case "memory.delete":
        return agreement.propose(id, { kind: "delete", namespace, key }, now);
      case "memory.read": {
        const query = { kind: "get", namespace, key } as const;
        return command.consistency === "local"
          ? this.#answer(id, agreement.readLocal(query), now)
          : agreement.read(id, query, now);
      }
      default:
        return unreachable(command);
    }
  }

  #merge(command: KeyCommand, now: Micros): void {
    const { id: request, namespace, key } = command;
    switch (command.type) {
      case "memory.write": {
        const { value, ttlMs, expect } = command;
        if (expect !== undefined) {
          const message = `only a strong namespace can compare before it writes; ${namespace} is not`;
          return this.#answer(request, { code: "not-supported", message }, now);
        }
        const ttl = ttlMs === undefined ? null : ms(ttlMs);
        return this.step({ kind: "write", now, request, namespace, key, value, ttl });
      }
      case "memory.delete":
        return this.step({ kind: "delete", now, request, namespace, key });
      case "memory.read":
        return this.#read(command, now);
      default:
        return unreachable(command);
    }
  }

  /** What this node holds, whatever was asked for: there is nothing newer that all agree on. */
  #read(command: { readonly id: number } & CommandOf<"memory.read">, now: Micros): void {
    const { id, namespace, key, consistency } = command;
    const held = this.#machine.held(namespace, key);
    const answer = memoryAnswer(
      held === null ? { code: "not-found" } : { code: "ok", values: held.values },
    );
    const message = `${namespace} is not strong: this is what ${this.#ports.self} holds`;
    const told = consistency === "linearizable" ? { ...answer, message } : answer;
    this.#answer(id, { ...told, stale: true }, now);
  }

  #answer(request: number, answer: RequestAnswer, now: Micros): void {
    this.#ports.requests.answer(request, answer, now);
  }

  readonly #onEvent = (event: MemoryEvent, now: Micros): void => {
    const { self, outbox } = this.#ports;
    if (event.kind === "answered") {
      return this.#answer(event.request, memoryAnswer(event), now);
    }
    outbox.emitAll(memoryEvents(self, event));
  };
}

interface Mode {
  readonly mode: CommandOf<"memory.namespace">["mode"];
}
