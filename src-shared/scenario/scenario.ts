/**
 * Scenario files: a lesson, a test and a bug report in one. The caller turns YAML into a value;
 * from there on it is checked here, and every problem is told at once, with its place.
 */
import { z } from "zod";
import { meshCommandSchema } from "../contract/commands.ts";
import { ERROR_CODES, MeshError } from "../contract/errors.ts";
import { meshFieldsSchema, refuseContradictions } from "../contract/mesh-options.ts";
import { crossProblems } from "./cross-check.ts";
import { durationSchema } from "./duration.ts";
import { expectationSchema, stepIdSchema } from "./expectation.ts";
import { describeIssue } from "./issue-text.ts";
import { eventPatternSchema } from "./pattern.ts";

/** English, and Chinese where there is a translation. A plain text is English. */
const localisedSchema = z
  .union([
    z.string().min(1).max(4_096),
    z.strictObject({
      en: z.string().min(1).max(4_096),
      zh: z.string().min(1).max(4_096).optional(),
    }),
  ])
  .transform((text) => (typeof text === "string" ? { en: text } : text));

/** Looks only at events that came after the step before this one was executed. */
const afterSchema = z.strictObject({
  event: eventPatternSchema,
  /** From the event to the step. */
  wait: durationSchema.default(0),
  /** The scenario fails when the event does not come in this time. */
  within: durationSchema.default(120_000_000),
});

const stepSchema = z
  .strictObject({
    id: stepIdSchema.optional(),
    at: durationSchema.optional(),
    after: afterSchema.optional(),
    /** A step without a command only explains. */
    do: meshCommandSchema.optional(),
    /** The command has to be refused, with this code. */
    refused: z.enum(ERROR_CODES).optional(),
    explain: localisedSchema.optional(),
    /** What the explanation is about, for a console to point at: `node:A`, `view:consensus`. */
    point: z.string().min(1).max(128).optional(),
    /** A console stops the time after this step, until the person goes on. */
    pause: z.boolean().default(false),
  })
  .refine(({ at, after }) => (at === undefined) !== (after === undefined), {
    message: "give either at or after",
  })
  .refine((step) => step.do !== undefined || step.explain !== undefined, {
    message: "give do, explain or both",
  })
  .refine((step) => step.explain !== undefined || (step.point === undefined && !step.pause), {
    message: "point and pause need an explanation in explain",
    path: ["explain"],
  })
  .refine((step) => step.refused === undefined || step.do !== undefined, {
    message: "refused needs a command in do",
    path: ["refused"],
  })
  .transform(({ do: command, ...step }) => ({ ...step, command }));
/** Exactly one of `at` (microseconds from the start) and `after` is there. */
export type ScenarioStep = z.infer<typeof stepSchema>;

const scenarioSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "a name is lower-case letters, digits and '-'"),
    about: localisedSchema,
    /** What people see of it; absent: its name. */
    title: localisedSchema.optional(),
    /** Consoles offer it as a lesson, in this order. */
    lesson: z.strictObject({ order: z.number().int().min(0).max(1_000) }).optional(),
    seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
    mesh: meshFieldsSchema
      .omit({ name: true, seed: true })
      .superRefine(refuseContradictions)
      .prefault({}),
    steps: z.array(stepSchema).max(1_000).default([]),
    /** How long the run goes on after the last step was executed. */
    settle: durationSchema.default(60_000_000),
    expect: z.array(expectationSchema).max(1_000).default([]),
    /**
     * Invariants that the run is there to see broken. They are no failure then; that they hold is
     * no failure either, unless `expect` asks for the violation.
     */
    mayViolate: z.array(z.string().min(1).max(128)).max(16).default([]),
  })
  .superRefine((scenario, context) => {
    for (const problem of crossProblems(scenario)) {
      context.addIssue({ code: "custom", ...problem });
    }
  })
  .transform(({ mesh, ...scenario }) => ({
    ...scenario,
    mesh: { ...mesh, name: scenario.name, seed: scenario.seed },
  }));
export type Scenario = z.infer<typeof scenarioSchema>;

export interface ScenarioProblem {
  /** For example `steps[2].at`. */
  readonly path: string;
  readonly line?: number;
  readonly message: string;
}

/** The line of a place in the file, where the caller still knows it. */
export type Locate = (path: readonly (string | number)[]) => number | undefined;

/** Throws `MeshError` "bad-scenario" with all problems in `details.problems`. */
export function parseScenario(value: unknown, locate: Locate = () => undefined): Scenario {
  const parsed = scenarioSchema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue): ScenarioProblem => {
    const path = issue.path.map((key) => (typeof key === "number" ? key : String(key)));
    const line = locate(path);
    const problem = { path: formatPath(path), message: describeIssue(issue) };
    return line === undefined ? problem : { ...problem, line };
  });
  throw badScenario(problems);
}

const PROBLEMS_SHOWN = 10;

function badScenario(problems: readonly ScenarioProblem[]): MeshError {
  const lines = problems.slice(0, PROBLEMS_SHOWN).map(({ path, line, message }) => {
    const place = line === undefined ? path : `line ${line}, ${path}`;
    return `${place}: ${message.slice(0, 150)}`;
  });
  const rest = problems.length - lines.length;
  if (rest > 0) lines.push(`and ${rest} more`);
  return new MeshError("bad-scenario", `The scenario cannot be used. ${lines.join("; ")}`, {
    details: { problems },
  });
}

function formatPath(path: readonly (string | number)[]): string {
  const text = path.map((key) => (typeof key === "number" ? `[${key}]` : `.${key}`)).join("");
  return text === "" ? "the file" : text.replace(/^\./, "");
}
