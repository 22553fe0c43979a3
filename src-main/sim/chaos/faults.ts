/**
 * Which faults a chaos run has, and when: a draw decides which kinds exist at all, some bugs need
 * the others to be absent. No more is done to the group than its protocol claims to survive.
 */
import { BYZANTINE_BEHAVIOURS } from "#shared/contract/agreement-commands.ts";
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import type { Random } from "#main/kernel/random.ts";
import type { PlannedStep, Span } from "./types.ts";

/** A kind of fault exists in a run with this chance, and all of them in some runs. */
const SHARE_ACTIVE = 0.5;
const MAX_FAULTS = 24;
const LONGEST_MS = 6_000;

interface Setting {
  readonly options: MeshOptions;
  readonly nodes: readonly string[];
  readonly span: Span;
}

interface Draw {
  readonly random: Random;
  readonly nodes: readonly string[];
  readonly node: string;
  readonly atMs: number;
}

type Fault = (draw: Draw) => readonly PlannedStep[];

export interface DrawnFaults {
  readonly steps: readonly PlannedStep[];
  readonly traitors: readonly string[];
}

export function drawFaults(random: Random, { options, nodes, span }: Setting): DrawnFaults {
  const isPbft = options.consensus.kind === "pbft";
  const spare = isPbft ? Math.floor((nodes.length - 1) / 3) : 0;
  const kinds: Fault[] = [crash, pause, partition, oneWay, chain, lossy, slow, drift, handOver];
  const active = kinds.filter(() => random.next() < SHARE_ACTIVE);
  const all = active.length === 0 ? kinds : active;
  const traitors = isPbft && random.next() < 0.6 ? someOf(random, nodes, spare) : [];
  const steps = traitors.map((node): PlannedStep => {
    const behaviours = someOf(random, BYZANTINE_BEHAVIOURS, 1 + random.int(2));
    return { atMs: span.fromMs, command: { type: "node.byzantine", node, behaviours } };
  });
  // One disk at most is lost, and none where a traitor already uses the room that there is.
  if (traitors.length === 0 && random.next() < 0.3) {
    const node = nodes[random.int(nodes.length)] ?? "A";
    steps.push(...wipedOnce(node, span.fromMs + random.int(span.toMs - span.fromMs)));
  }
  const count = random.int(MAX_FAULTS);
  for (let i = 0; i < count; i++) {
    const atMs = span.fromMs + random.int(span.toMs - span.fromMs);
    const node = nodes[random.int(nodes.length)] ?? "A";
    const fault = all[random.int(all.length)] ?? crash;
    steps.push(...fault({ random, nodes, node, atMs }));
  }
  return { steps, traitors };
}

function someOf<T>(random: Random, values: readonly T[], count: number): T[] {
  const rest = [...values];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) {
    chosen.push(...rest.splice(random.int(rest.length), 1));
  }
  return chosen;
}

const lasting = (random: Random): number => 1 + random.int(LONGEST_MS);

const step = (atMs: number, command: MeshCommandInput): PlannedStep => ({ atMs, command });

const crash: Fault = ({ random, node, atMs }) => [
  step(atMs, { type: "node.kill", nodes: [node], tornWrite: random.next() < 0.5 }),
  step(atMs + lasting(random), { type: "node.restart", nodes: [node], disk: "keep" }),
];

function wipedOnce(node: string, atMs: number): readonly PlannedStep[] {
  return [
    step(atMs, { type: "node.kill", nodes: [node] }),
    step(atMs + 500, { type: "node.restart", nodes: [node], disk: "wipe" }),
  ];
}

const pause: Fault = ({ random, node, atMs }) => [
  step(atMs, { type: "node.pause", nodes: [node], forMs: lasting(random) }),
];

const partition: Fault = ({ random, nodes, node, atMs }) => {
  const side = nodes.filter((other) => other === node || random.next() < 0.4);
  const rest = nodes.filter((other) => !side.includes(other));
  return rest.length === 0
    ? []
    : [step(atMs, { type: "network.partition", groups: [rest, side], forMs: lasting(random) })];
};

const oneWay: Fault = ({ random, nodes, node, atMs }) => {
  const others = nodes.filter((other) => other !== node && random.next() < 0.7);
  const [from, to] = random.next() < 0.5 ? [[node], others] : [others, [node]];
  return others.length === 0
    ? []
    : [step(atMs, { type: "network.cut", from, to, oneWay: true, forMs: lasting(random) })];
};

/** A - B - C: the ends do not hear each other, the middle hears both. */
const chain: Fault = ({ random, nodes, atMs }) => {
  const forMs = lasting(random);
  return nodes.flatMap((node, place) => {
    const far = nodes.slice(place + 2);
    return far.length === 0
      ? []
      : [step(atMs, { type: "network.cut", from: [node], to: far, oneWay: false, forMs })];
  });
};

const lossy: Fault = ({ random, atMs }) => [
  step(atMs, {
    type: "network.conditions",
    scope: { kind: "mesh" },
    conditions: {
      loss: random.next() * 0.3,
      duplicate: random.next() * 0.3,
      reorder: random.next(),
    },
    forMs: lasting(random),
  }),
];

const slow: Fault = ({ random, node, atMs }) => [
  step(atMs, { type: "node.slow", node, delayMs: random.int(300) }),
  step(atMs + lasting(random), { type: "node.slow", node, delayMs: 0 }),
];

const drift: Fault = ({ random, node, atMs }) => [
  step(atMs, {
    type: "clock.skew",
    node,
    driftPpm: random.int(100_000) - 50_000,
    offsetMs: random.int(4_000) - 2_000,
  }),
];

const handOver: Fault = ({ atMs }) => [step(atMs, { type: "consensus.transfer" })];
