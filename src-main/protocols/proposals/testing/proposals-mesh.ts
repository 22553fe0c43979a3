import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";
import { ms } from "#main/kernel/time.ts";
import { proposalsCodec } from "../codec.ts";
import { PROPOSALS_DEFAULTS, type ProposalsOptions } from "../options.ts";
import { Proposals } from "../proposals.ts";
import type {
  Choice,
  Outcome,
  ProposalId,
  ProposalsEvent,
  ProposalsInput,
  ProposalsMessage,
  ProposalsRecord,
} from "../types.ts";
import { paperSigner } from "./paper-signer.ts";

type CallInput = Extract<ProposalsInput, { kind: "call" }>;

export const MESH = "test mesh";

/** Members that all know each other, in a small world; messages take 5 ms. */
export class ProposalsMesh extends MiniWorld<
  ProposalsInput,
  ProposalsMessage,
  ProposalsEvent,
  ProposalsRecord
> {
  readonly nodes = new Map<NodeId, Proposals>();
  readonly ids: readonly NodeId[];
  members: readonly NodeId[];
  readonly #options: ProposalsOptions;
  readonly #seed: number;
  #lives = 0;

  constructor(ids: readonly NodeId[], options: Partial<ProposalsOptions> = {}, seed = 1) {
    super({ codec: proposalsCodec, latencyUs: ms(5) });
    this.ids = ids;
    this.members = ids;
    this.#options = { ...PROPOSALS_DEFAULTS, ...options };
    this.#seed = seed;
    ids.forEach((id) => this.boot(id));
  }

  /** Starts a node from what its disk holds. */
  boot(self: NodeId): void {
    this.#lives++;
    const node = new Proposals({
      mesh: MESH,
      signer: paperSigner(self),
      options: this.#options,
      random: createRandom(this.#seed).fork(`${self} ${this.#lives}`),
      peers: () => this.ids,
      members: () => this.members,
      restore: [...(this.disks.get(self) ?? [])],
    });
    this.nodes.set(self, node);
    this.add(self, node);
    this.input(self, { kind: "start", now: this.now });
  }

  kill(self: NodeId): void {
    this.remove(self);
    this.nodes.delete(self);
  }

  /** Calls a proposal and returns its id. */
  call(node: NodeId, change: Partial<CallInput> = {}): ProposalId {
    const about = { title: "Move", text: "to zone b", deadlineMs: 5_000 };
    const at = this.events.length;
    this.input(node, { kind: "call", now: this.now, request: 1, ...about, ...change });
    const [accepted] = this.events.slice(at).flatMap(({ event }) => {
      return event.kind === "accepted" ? [event.id] : [];
    });
    if (accepted === undefined) {
      throw new Error(`refused: ${JSON.stringify(this.events.at(-1))}`);
    }
    return accepted;
  }

  vote(node: NodeId, proposal: ProposalId, choice: Choice, reason = ""): void {
    const what = { kind: "vote", request: 2, proposal, choice, reason } as const;
    this.input(node, { ...what, now: this.now });
  }

  /** Node A votes with the first letter, B with the second ... y, n, a, or - for nothing. */
  votes(proposal: ProposalId, letters: string): void {
    const choices: Record<string, Choice> = { y: "yes", n: "no", a: "abstain" };
    [...letters].forEach((letter, i) => {
      const choice = choices[letter];
      const node = this.ids[i];
      if (choice !== undefined && node !== undefined) {
        this.vote(node, proposal, choice);
      }
    });
  }

  cut(...sides: readonly string[]): void {
    const sideOf = (node: NodeId) => sides.findIndex((side) => side.includes(node));
    this.drop = (from, to) => sideOf(from) !== sideOf(to);
  }

  heal(): void {
    this.drop = () => false;
  }

  outcomeAt(node: NodeId, id: ProposalId): Outcome | null | undefined {
    return this.nodes.get(node)?.poll(id)?.decided;
  }

  /** The outcomes that running nodes hold, each once; null among them is undecided. */
  outcomes(id: ProposalId): (Outcome | null | undefined)[] {
    return [...new Set([...this.nodes.keys()].map((node) => this.outcomeAt(node, id)))];
  }

  codes(node?: NodeId): string[] {
    return this.of("refused", node).map((one) => one.event.code);
  }
}
