/** The problems a schema finds, in words for whoever wrote the file. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

/** Values a reader can choose from are listed as long as they are few. */
const MAX_LISTED = 12;

export function describeIssue(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? `is missing (${wanted(issue.expected)})`
        : `takes ${wanted(issue.expected)}, not ${quoted(issue.input)}`;
    case "unrecognized_keys":
      return `has no ${issue.keys.map((key) => `"${key}"`).join(", ")}`;
    case "invalid_value":
      return issue.input === undefined
        ? `is missing (${choice(issue.values)})`
        : `${quoted(issue.input)} is none of ${choice(issue.values)}`;
    case "invalid_union":
      return issue.discriminator === undefined
        ? `cannot be ${quoted(issue.input)}`
        : `there is no ${issue.discriminator} ${quoted(kindOf(issue.input, issue.discriminator))}`;
    case "too_small":
      return `takes ${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}${unit(issue.origin)}`;
    case "too_big":
      return `takes at most ${issue.maximum}${unit(issue.origin)}`;
    default:
      return issue.message;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  object: "keys with values",
  record: "keys with values",
  array: "a list",
  tuple: "a list",
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
};

function wanted(type: string): string {
  return WORDS[type] ?? type;
}

function unit(origin: string): string {
  if (origin === "string") return " characters";
  return origin === "array" || origin === "set" ? " entries" : "";
}

function choice(values: readonly unknown[]): string {
  const few = values.slice(0, MAX_LISTED).map(String).join(", ");
  return values.length > MAX_LISTED ? `${few} and others` : few;
}

function kindOf(input: unknown, key: string): unknown {
  const known = typeof input === "object" && input !== null && Object.hasOwn(input, key);
  return known ? (input as Readonly<Record<string, unknown>>)[key] : undefined;
}

function quoted(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "keys with values";
  return typeof value === "string" ? `"${value.slice(0, 64)}"` : String(value);
}
