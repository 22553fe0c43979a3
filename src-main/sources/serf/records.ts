/** The bodies Serf sends, checked. Unknown fields are passed over: newer agents may say more. */
import { z } from "zod";
import { MAX_NODES } from "#shared/contract/primitives.ts";
import { nonsense } from "./value-splitter.ts";

const bytes = z
  .custom<Uint8Array>((value) => value instanceof Uint8Array)
  .or(z.string().transform((text) => new TextEncoder().encode(text)));

const memberSchema = z.object({
  Name: z.string().min(1).max(1_024),
  Addr: bytes,
  Port: z.number().int().min(0).max(65_535),
  Tags: z.record(z.string(), z.string()).nullish(),
  Status: z.enum(["none", "alive", "leaving", "left", "failed"]),
});
export type SerfMember = z.infer<typeof memberSchema>;

const membersSchema = z.object({ Members: z.array(memberSchema).max(MAX_NODES).nullable() });

const statsSchema = z.object({
  agent: z.object({ name: z.string().min(1) }),
  serf: z.object({ health_score: z.string().optional() }).optional(),
});

export interface AgentStats {
  readonly name: string;
  /** Lifeguard's local health; 0 is healthy. Unknown where the agent does not say. */
  readonly healthScore: number | undefined;
}

const userSchema = z.object({
  Event: z.literal("user"),
  LTime: z.union([z.number(), z.bigint()]),
  Name: z.string(),
  Payload: bytes.nullish(),
});

const querySchema = z.object({ Event: z.literal("query"), Name: z.string() });
const memberEventSchema = z.object({ Event: z.string().regex(/^member-/) });

const streamRecordSchema = z.union([userSchema, querySchema, memberEventSchema]);

export type StreamRecord =
  | {
      readonly kind: "user";
      readonly name: string;
      readonly payload: Uint8Array;
      readonly lamport: number;
    }
  | { readonly kind: "query"; readonly name: string }
  /** Members changed somehow; the list says how. */
  | { readonly kind: "members" };

const logSchema = z.object({ Log: z.string() });

export function parseMembers(body: unknown): readonly SerfMember[] {
  return checked(membersSchema, body, "member list").Members ?? [];
}

export function parseStats(body: unknown): AgentStats {
  const { agent, serf } = checked(statsSchema, body, "statistics");
  const score = Number(serf?.health_score ?? Number.NaN);
  return { name: agent.name, healthScore: isCount(score) ? score : undefined };
}

export function parseStreamRecord(record: unknown): StreamRecord {
  const parsed = checked(streamRecordSchema, record, "event");
  if ("LTime" in parsed) {
    const { Name: name, Payload: payload, LTime } = parsed;
    const lamport = Number(LTime);
    if (!isCount(lamport)) throw nonsense("an event has no proper Lamport time");
    return { kind: "user", name, payload: payload ?? new Uint8Array(), lamport };
  }
  return "Name" in parsed ? { kind: "query", name: parsed.Name } : { kind: "members" };
}

export function parseLog(record: unknown): string {
  return checked(logSchema, record, "log line").Log;
}

function checked<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw nonsense(`its ${what} is malformed${where === "" ? "" : ` at ${where.slice(0, 80)}`}`);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
