/**
 * What no field of a scenario can tell alone: ids that repeat, ids that nobody has, times that run
 * backwards, nodes that are not in the mesh. A promise about a node that cannot exist would always
 * be kept; that is a typing mistake, and told as one.
 */
import { COMMANDS, type MeshCommand } from "../contract/commands.ts";
import { type MeshOptions, nodeNames } from "../contract/mesh-options.ts";
import type { Expectation, FinalCheck } from "./expectation.ts";
import type { EventPattern } from "./pattern.ts";

type Path = readonly (string | number)[];

export interface PathProblem {
  readonly path: (string | number)[];
  readonly message: string;
}

interface Step {
  readonly id?: string | undefined;
  readonly at?: number | undefined;
  readonly after?: { readonly event: EventPattern } | undefined;
  readonly command?: MeshCommand | undefined;
  readonly refused?: string | undefined;
}

interface CrossChecked {
  readonly mesh: Pick<MeshOptions, "nodes">;
  readonly steps: readonly Step[];
  readonly expect: readonly Expectation[];
}

export function crossProblems(scenario: CrossChecked): readonly PathProblem[] {
  return [
    ...stepProblems(scenario.steps),
    ...referenceProblems(scenario),
    ...nodeProblems(scenario),
  ];
}

function stepProblems(steps: readonly Step[]): readonly PathProblem[] {
  const problems: PathProblem[] = [];
  const ids = new Set<string>();
  let latest = 0;
  for (const [index, { id, at, command, refused }] of steps.entries()) {
    if (id !== undefined && ids.has(id)) {
      problems.push({ path: ["steps", index, "id"], message: `a second step has the id "${id}"` });
    }
    if (id !== undefined) ids.add(id);
    if (at !== undefined && at < latest) {
      problems.push({ path: ["steps", index, "at"], message: "lies before an earlier step" });
    }
    latest = Math.max(latest, at ?? 0);
    const group = command === undefined ? undefined : COMMANDS[command.type].group;
    if (refused === undefined && (group === "time" || group === "engine")) {
      const message = `${command?.type} is nothing a scenario can do`;
      problems.push({ path: ["steps", index, "do", "type"], message });
    }
  }
  return problems;
}

function referenceProblems({ steps, expect }: CrossChecked): readonly PathProblem[] {
  const problems: PathProblem[] = [];
  const positions = new Map(
    steps.flatMap(({ id }, index) => (id === undefined ? [] : [[id, index]])),
  );
  for (const [index, expectation] of expect.entries()) {
    const named = expectation as { readonly [key in "after" | "from" | "until"]?: string };
    for (const key of ["after", "from", "until"] as const) {
      const id = named[key];
      if (id === undefined || positions.has(id)) continue;
      problems.push({ path: ["expect", index, key], message: `no step has the id "${id}"` });
    }
    const [from, until] = [positions.get(named.from ?? ""), positions.get(named.until ?? "")];
    if (from !== undefined && until !== undefined && until <= from) {
      const message = `step "${named.until}" does not come after step "${named.from}"`;
      problems.push({ path: ["expect", index, "until"], message });
    }
  }
  return problems;
}

function nodeProblems({ mesh, steps, expect }: CrossChecked): readonly PathProblem[] {
  const isKnown = knownNodes(mesh, steps);
  const named: { readonly path: Path; readonly id: string }[] = [];
  for (const [index, { command, refused, after }] of steps.entries()) {
    const path = ["steps", index];
    if (command !== undefined && refused === undefined) {
      named.push(...namedIn(command, [...path, "do"]));
    }
    if (after !== undefined)
      named.push(...namedByPattern(after.event, [...path, "after", "event"]));
  }
  for (const [index, expectation] of expect.entries()) {
    named.push(...namedByPromise(expectation, ["expect", index]));
  }
  return named
    .filter(({ id }) => !isKnown(id))
    .map(({ path, id }) => ({ path: [...path], message: `${id} is no node of the mesh` }));
}

/** Nodes added without a name get one as the mesh goes on: then any name that it gives will do. */
function knownNodes(mesh: CrossChecked["mesh"], steps: readonly Step[]): (id: string) => boolean {
  const names = new Set(nodeNames(mesh.nodes));
  let named = true;
  for (const { command } of steps) {
    if (command?.type !== "node.add") continue;
    if (command.node === undefined) named = false;
    else names.add(command.node);
  }
  return (id) => names.has(id) || (!named && GIVEN_NAME.test(id));
}

const GIVEN_NAME = /^(?:[A-Z]|n\d+)$/;

interface Named {
  readonly path: Path;
  readonly id: string;
}

const NODE_FIELDS = ["node", "nodes", "from", "to", "groups", "seeds"] as const;

function namedIn(command: MeshCommand, path: Path): readonly Named[] {
  const fields = command as { readonly [key in (typeof NODE_FIELDS)[number]]?: unknown };
  const own = NODE_FIELDS.flatMap((key) => idsIn(fields[key], [...path, key]));
  if (command.type !== "network.conditions") return own;
  const scope = command.scope as typeof fields;
  return NODE_FIELDS.flatMap((key) => idsIn(scope[key], [...path, "scope", key]));
}

/** A name, or lists of names however deep. */
function idsIn(value: unknown, path: Path): readonly Named[] {
  if (typeof value === "string") return [{ path, id: value }];
  if (!Array.isArray(value)) return [];
  return value.flatMap((element, index) => idsIn(element, [...path, index]));
}

/** Fields of events that name a node, whatever the type. */
const NODES_OF_PATTERNS = ["node", "member", "candidate", "leader", "accused", "voter"] as const;

function namedByPattern({ fields }: EventPattern, path: Path): readonly Named[] {
  return NODES_OF_PATTERNS.flatMap((key) => {
    const condition = fields[key];
    if (typeof condition === "object" && "any" in condition) {
      return idsIn(condition.any, [...path, key, "any"]);
    }
    return idsIn(condition, [...path, key]);
  });
}

function namedByPromise(expectation: Expectation, path: Path): readonly Named[] {
  switch (expectation.kind) {
    case "event":
      return namedByPattern(expectation.event, [...path, "event"]);
    case "never":
      return namedByPattern(expectation.never, [...path, "never"]);
    case "final":
      return namedByFinal(expectation.final, [...path, "final"]);
    case "metric":
      return [];
    default:
      return expectation satisfies never;
  }
}

function namedByFinal(check: FinalCheck, path: Path): readonly Named[] {
  switch (check.kind) {
    case "nodes":
      return listed(check.nodes, [...path, "nodes"]);
    case "absent":
      return listed(check.absent, [...path, "absent"]);
    case "links":
      return listed(check.of, [...path, "of"]);
    case "committed":
    case "memory":
      return listed(check.of, [...path, "of"]);
    case "leader":
      return WORDS_FOR_LEADERS.has(check.leader)
        ? []
        : [{ path: [...path, "leader"], id: check.leader }];
    case "events":
      return namedByPattern(check.events, [...path, "events"]);
    default:
      return [];
  }
}

const WORDS_FOR_LEADERS: ReadonlySet<string> = new Set(["any", "none"]);

/** Not the words "all" and "running". */
function listed(set: unknown, path: Path): readonly Named[] {
  return Array.isArray(set) ? idsIn(set, path) : [];
}
