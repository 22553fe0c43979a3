/**
 * The search box over the graph. Words are joined by "and"; a word is a part of a name, zone,
 * address or tag, or one of `zone:z1`, `is:failed`, `mode:read-only`, `process:paused`; a leading
 * `-` turns it round.
 */
import type { Health, NodeView } from "#shared/view/model.ts";

export interface FilterTerm {
  readonly field: "text" | "zone" | "is" | "mode" | "process";
  readonly value: string;
  readonly negated: boolean;
}

/** What a match looks at; health is worked out by the caller. */
export interface FilterSubject {
  readonly node: NodeView;
  readonly health: Health;
}

/** A longer query is cut: nobody types it, and each term costs a pass over every node. */
const MAX_TERMS = 16;
const FIELDS: ReadonlySet<string> = new Set(["zone", "is", "mode", "process"]);

export function parseFilter(query: string): readonly FilterTerm[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "" && word !== "-")
    .slice(0, MAX_TERMS)
    .map(parseTerm);
}

function parseTerm(word: string): FilterTerm {
  const negated = word.startsWith("-");
  const body = negated ? word.slice(1) : word;
  const colon = body.indexOf(":");
  const field = body.slice(0, Math.max(colon, 0));
  const value = body.slice(colon + 1);
  if (colon > 0 && value !== "" && isField(field)) return { field, value, negated };
  return { field: "text", value: body, negated };
}

function isField(name: string): name is Exclude<FilterTerm["field"], "text"> {
  return FIELDS.has(name);
}

/** No terms match everything. */
export function matches(terms: readonly FilterTerm[], subject: FilterSubject): boolean {
  return terms.every((term) => holds(term, subject) !== term.negated);
}

function holds(term: FilterTerm, { node, health }: FilterSubject): boolean {
  switch (term.field) {
    case "zone":
      return (node.zone ?? "").toLowerCase() === term.value;
    case "is":
      return health === term.value;
    case "mode":
      return node.mode === term.value;
    case "process":
      return node.process === term.value;
    case "text":
      return mentions(node, term.value);
    default:
      return unreachable(term.field);
  }
}

function mentions(node: NodeView, text: string): boolean {
  if (node.id.toLowerCase().includes(text)) return true;
  if (node.zone?.toLowerCase().includes(text)) return true;
  if (node.address?.toLowerCase().includes(text)) return true;
  if (node.tags === undefined) return false;
  return Object.entries(node.tags).some(([key, value]) =>
    `${key}=${value}`.toLowerCase().includes(text),
  );
}

function unreachable(value: never): never {
  throw new Error(`unexpected filter field ${String(value)}`);
}
