/** Writes docs/events.md from the schemas of the contract: `node scripts/gen-docs.ts`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { errorSchema } from "#shared/contract/errors.ts";
import { EVENT_SCHEMAS } from "#shared/contract/events.ts";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { nodeIdSchema } from "#shared/contract/primitives.ts";
import { isNoteworthy } from "#shared/view/timeline.ts";
import { ROOT } from "./lib/files.ts";

export const EVENTS_DOC = "docs/events.md";

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly description?: string;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
}

const NODE_ID = schemaOf(nodeIdSchema).pattern;

/** Objects that have a place of their own in the documentation. */
const LINKED: ReadonlyMap<string, string> = new Map(
  [
    { schema: meshOptionsSchema, text: "[options of a mesh](scenarios.md#mesh)" },
    { schema: errorSchema, text: "[error](protocol.md#errors)" },
  ].map(({ schema, text }) => [JSON.stringify(schemaOf(schema).properties), text]),
);

function schemaOf(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: "input" }) as JsonSchema;
}

const INTRO = `# Events

Everything that happens to a mesh is one stream of numbered events; every screen, metric and test is
folded from it. This page is made from the schemas in \`src-shared/contract/events.ts\` by
\`node scripts/gen-docs.ts\`; change it there.

- The list of types only grows. A field that was published keeps its name, its unit and its meaning.
- Every event carries \`seq\`, which counts from 1 without gaps within a mesh, and \`at\`, the time of
  the mesh in whole microseconds: since the start of a simulated run, since the Unix epoch elsewhere.
  \`at\` never goes backwards.
- \`node\` is the node that reports, where there is one.
- Fields with a ? may be missing; then the value is not known or does not apply.
- Unknown fields and types are refused.
- Types marked *measurement* are not kept on the timeline of a view.
`;

export function eventsMarkdown(): string {
  const sections = EVENT_SCHEMAS.map((schema) => section(schemaOf(schema)));
  const types = EVENT_SCHEMAS.map((schema) => schema.shape.type.value);
  const index = types.map((type) => `[\`${type}\`](#${type.toLowerCase().replaceAll(".", "")})`);
  return [INTRO, `${types.length} types: ${index.join(" · ")}\n`, ...sections].join("\n");
}

function section(schema: JsonSchema): string {
  const { type, ...fields } = schema.properties ?? {};
  const name = String(type?.const);
  const isMeasurement = !isNoteworthy(name as Parameters<typeof isNoteworthy>[0]);
  const about = `${type?.description ?? ""}${isMeasurement ? " *measurement*" : ""}`;
  const rows = Object.entries(fields).map(([field, value]) => {
    const optional = schema.required?.includes(field) === true ? "" : "?";
    return `| \`${field}\`${optional} | ${typeText(value)} | ${value.description ?? ""} |`;
  });
  const table = rows.length === 0 ? [] : ["| field | type | |", "|---|---|---|", ...rows, ""];
  return [`## ${name}`, "", about, "", ...table].join("\n");
}

function typeText(schema: JsonSchema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``;
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `\`${String(value)}\``).join(", ");
  const union = schema.anyOf ?? schema.oneOf;
  if (union !== undefined) return union.map(typeText).join(" *or* ");
  if (schema.prefixItems !== undefined) return `(${schema.prefixItems.map(typeText).join(", ")})`;
  switch (schema.type) {
    case "string":
      return stringText(schema);
    case "integer":
    case "number":
      return numberText(schema);
    case "array":
      return `list of ${typeText(schema.items ?? {})}`;
    case "object":
      return objectText(schema);
    default:
      return schema.type ?? "any";
  }
}

function stringText({ pattern, maxLength }: JsonSchema): string {
  if (pattern !== undefined) return pattern === NODE_ID ? "node id" : "text of a fixed form";
  return maxLength === undefined ? "text" : `text, at most ${maxLength}`;
}

function numberText({ type, minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  const bounds = [
    minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? "" : `≥ ${minimum}`,
    exclusiveMinimum === undefined ? "" : `> ${exclusiveMinimum}`,
    maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? "" : `≤ ${maximum}`,
  ];
  return [type, ...bounds].filter((part) => part !== "").join(" ");
}

function objectText({ properties, required, additionalProperties }: JsonSchema): string {
  if (properties === undefined) {
    const values =
      typeof additionalProperties === "object" ? typeText(additionalProperties) : "any";
    return `text → ${values}`;
  }
  const fields = Object.entries(properties).map(([name, value]) => {
    return `${name}${required?.includes(name) === true ? "" : "?"}: ${typeText(value)}`;
  });
  const text = fields.length === 0 ? "{}" : `{ ${fields.join("; ")} }`;
  return LINKED.get(JSON.stringify(properties)) ?? text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(`${ROOT}docs`, { recursive: true });
  writeFileSync(`${ROOT}${EVENTS_DOC}`, eventsMarkdown());
}
