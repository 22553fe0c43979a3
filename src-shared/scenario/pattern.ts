/** Patterns that events are matched with: a type, and conditions on its fields. */
import { z } from "zod";
import { EVENT_SCHEMAS, EVENT_TYPES, type MeshEvent } from "../contract/events.ts";
import { boundsSchema } from "./bounds.ts";

const scalarSchema = z.union([z.string().max(4_096), z.number(), z.boolean()]);

const CONDITION_FORMS = "give a value, { any: [values] } or { atLeast: n, atMost: n }";

const conditionSchema = z.union(
  [scalarSchema, z.strictObject({ any: z.array(scalarSchema).min(1).max(1_000) }), boundsSchema],
  { error: CONDITION_FORMS },
);
type Condition = z.infer<typeof conditionSchema>;

/** What each field of each type of event can be. */
const FIELDS = new Map<string, Readonly<Record<string, z.ZodType>>>(
  EVENT_SCHEMAS.map((schema) => [schema.shape.type.value, schema.shape]),
);

export const eventPatternSchema = z
  .looseObject({ type: z.enum(EVENT_TYPES as [MeshEvent["type"], ...MeshEvent["type"][]]) })
  .transform((raw, context) => {
    const { type, ...rest } = raw;
    const fields: Record<string, Condition> = {};
    for (const [name, value] of Object.entries(rest)) {
      const condition = readCondition(type, name, value);
      if (typeof condition === "object" && "problem" in condition) {
        context.addIssue({ code: "custom", message: condition.problem, path: [name] });
      } else {
        fields[name] = condition;
      }
    }
    return { type, fields };
  });
export type EventPattern = z.infer<typeof eventPatternSchema>;

/** A condition that no event could ever meet is a typing mistake, not a kept promise. */
function readCondition(
  type: string,
  name: string,
  value: unknown,
): Condition | { readonly problem: string } {
  const shape = FIELDS.get(type);
  const field = shape !== undefined && Object.hasOwn(shape, name) ? shape[name] : undefined;
  if (field === undefined) return { problem: `an event ${type} has no field "${name}"` };
  const condition = conditionSchema.safeParse(value);
  if (!condition.success) return { problem: CONDITION_FORMS };
  const { data } = condition;
  const wanted = typeof data !== "object" ? [data] : "any" in data ? data.any : [];
  const never = wanted.find((scalar) => !canBe(field, scalar));
  if (never !== undefined) return { problem: `${name} of ${type} is never ${quoted(never)}` };
  if (typeof data === "object" && !("any" in data) && !canBe(field, 0) && !canBe(field, 1)) {
    return { problem: `${name} of ${type} is no number, so it has no bounds` };
  }
  return data;
}

function quoted(value: string | number | boolean): string {
  return typeof value === "string" ? `"${value.slice(0, 64)}"` : String(value);
}

/** Of a list one element has to fit. */
function canBe(field: z.ZodType, value: string | number | boolean): boolean {
  return field.safeParse(value).success || field.safeParse([value]).success;
}

export function matchesEvent(pattern: EventPattern, event: MeshEvent): boolean {
  if (event.type !== pattern.type) return false;
  const values = event as unknown as Readonly<Record<string, unknown>>;
  return Object.entries(pattern.fields).every(([name, condition]) =>
    holds(condition, values[name]),
  );
}

/** Of a list (observers, nodes) one element has to fit. */
function holds(condition: Condition, value: unknown): boolean {
  if (Array.isArray(value)) return value.some((element) => holds(condition, element));
  if (typeof condition !== "object") return value === condition;
  if ("any" in condition) return condition.any.some((wanted) => wanted === value);
  const { atLeast = -Infinity, atMost = Infinity } = condition;
  return typeof value === "number" && value >= atLeast && value <= atMost;
}

/** One line, for example `member.confirmed member=E of>=3`. */
export function describePattern(pattern: EventPattern): string {
  const conditions = Object.entries(pattern.fields).map(([name, condition]) => {
    if (typeof condition !== "object") return `${name}=${condition}`;
    if ("any" in condition) return `${name}=${condition.any.join("|")}`;
    const { atLeast, atMost } = condition;
    const low = atLeast === undefined ? "" : `${name}>=${atLeast}`;
    const high = atMost === undefined ? "" : `${name}<=${atMost}`;
    return [low, high].filter(Boolean).join(" ");
  });
  return [pattern.type, ...conditions].join(" ");
}
