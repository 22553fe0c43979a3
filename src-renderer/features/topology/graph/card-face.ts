/** What a card shows of its node besides its load: cards redraw only when this changes. */
import type { ConsensusRole } from "#shared/contract/agreement-events.ts";
import { healthOf } from "#shared/view/health.ts";
import type { Health, MeshView, NodeView } from "#shared/view/model.ts";
import { isTraitor } from "#shared/view/select/consensus-quorum.ts";
import { hasQuorum } from "#shared/view/select/quorum.ts";
import type { Detail } from "./lod.ts";
import { type Suspicion, suspicionOf } from "./suspicion.ts";

export interface CardFace {
  readonly health: Health;
  readonly process: NodeView["process"];
  readonly readOnly: boolean;
  readonly leaving: boolean;
  readonly incarnation: number;
  /** Of consensus, where the node takes part in it and tells. */
  readonly role: ConsensusRole | undefined;
  /** Only of who leads, which is what its followers look to. */
  readonly term: number | undefined;
  /** It is told to lie, or was caught lying. */
  readonly traitor: boolean;
  readonly suspicion: Suspicion | undefined;
  /** The rest is there at full detail only; elsewhere nobody could read it. */
  readonly note: CardNote | undefined;
}

export type CardNote =
  | { readonly kind: "doubt" }
  | { readonly kind: "place"; readonly place: string }
  | { readonly kind: "links"; readonly degree: number };

/** Parts of the ring where its observers are not counted out beside it. */
const RING_STEPS = 12;

export function cardFace(view: MeshView, id: string, detail: Detail): CardFace | undefined {
  const node = view.nodes.get(id);
  if (node === undefined) return undefined;
  const suspicion = suspicionOf(node, hasQuorum(view) ? view.nodes.size : 0);
  const full = detail === "full";
  const member = view.agreement.members.get(id);
  return {
    health: healthOf(node),
    process: node.process,
    readOnly: node.mode === "read-only",
    leaving: node.leaving,
    incarnation: node.incarnation ?? 0,
    role: member?.role,
    term: isLeading(member?.role) ? member?.term : undefined,
    traitor: isTraitor(view, id),
    suspicion: full || suspicion === undefined ? suspicion : coarse(suspicion),
    note: full ? noteOf(node, suspicion) : undefined,
  };
}

function isLeading(role: ConsensusRole | undefined): boolean {
  return role === "leader" || role === "primary";
}

/** Only what the ring can show from afar. A doubt is never rounded away, nor up to a verdict. */
function coarse({ progress, confirmed }: Suspicion): Suspicion {
  const steps = confirmed
    ? RING_STEPS
    : Math.min(RING_STEPS - 1, Math.max(1, Math.floor(progress * RING_STEPS)));
  return { observers: 0, quorum: 0, of: 0, progress: steps / RING_STEPS, confirmed };
}

/** One line: who doubts the node while anybody does, else where it lives. */
function noteOf(node: NodeView, suspicion: Suspicion | undefined): CardNote {
  if (suspicion !== undefined && node.leftBy === 0) return { kind: "doubt" };
  const place = node.zone ?? node.address;
  return place === undefined ? { kind: "links", degree: node.degree } : { kind: "place", place };
}

export function sameFace(a: CardFace | undefined, b: CardFace | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameFields(a, b));
}

/** By content, two levels deep: faces hold flat records at most. */
function sameFields(a: object, b: object): boolean {
  const before = Object.entries(a);
  return (
    before.length === Object.keys(b).length &&
    before.every(([key, value]: [string, unknown]) => {
      const other: unknown = Reflect.get(b, key);
      return (
        Object.is(value, other) || (isRecord(value) && isRecord(other) && sameFields(value, other))
      );
    })
  );
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Messages a second in and out; `undefined`: the node does not tell. */
export function loadOf(node: NodeView | undefined): number | undefined {
  const { receivedPerSecond, sentPerSecond } = node ?? {};
  if (receivedPerSecond === undefined && sentPerSecond === undefined) return undefined;
  return (receivedPerSecond ?? 0) + (sentPerSecond ?? 0);
}
