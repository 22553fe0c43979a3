/** Patterns that events are matched with: a type, and conditions on its fields. */
import { z } from "zod";
import { EVENT_SCHEMAS, EVENT_TYPES, type MeshEvent } from "../contract/events.ts";

const scalarSchema = z.union([z.string().max(4_096), z.number(), z.boolean()]);

const conditionSchema = z.union(
  [
    scalarSchema,
    z.strictObject({ any: z.array(scalarSchema).min(1).max(1_000) }),
    z
      .strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() })
      .refine((range) => range.atLeast !== undefined || range.atMost !== undefined),
  ],
  { error: "give a value, { any: [values] } or { atLeast: n, atMost: n }" },
);
type Condition = z.infer<typeof conditionSchema>;

/** The names of fields a pattern can look at, per event type. */
const FIELDS = new Map<string, readonly string[]>(
  EVENT_SCHEMAS.map((schema) => [schema.shape.type.value, Object.keys(schema.shape)]),
);

export const eventPatternSchema = z
  .looseObject({ type: z.enum(EVENT_TYPES as [MeshEvent["type"], ...MeshEvent["type"][]]) })
  .transform((raw, context) => {
    const { type, ...rest } = raw;
    const fields: Record<string, Condition> = {};
    for (const [name, value] of Object.entries(rest)) {
      const known = FIELDS.get(type)?.includes(name) === true;
      const condition = conditionSchema.safeParse(value);
      if (known && condition.success) {
        fields[name] = condition.data;
        continue;
      }
      const message = known
        ? "give a value, { any: [values] } or { atLeast: n, atMost: n }"
        : `an event ${type} has no field "${name}"`;
      context.addIssue({ code: "custom", message, path: [name] });
    }
    return { type, fields };
  });
export type EventPattern = z.infer<typeof eventPatternSchema>;

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
