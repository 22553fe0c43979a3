import { z } from "zod";
import { describeIssue } from "./issue-text.ts";

type Kinds = Readonly<Record<string, z.ZodType<object>>>;
type Keyed<T extends Kinds> = {
  [K in keyof T & string]: { readonly kind: K } & z.output<T[K]>;
}[keyof T & string];

/**
 * A union that a reader tells apart by which key is there: `{ event: … }`, `{ never: … }`. Unlike
 * `z.union` it reports the problems of the one alternative that was meant, with their paths.
 */
export function keyed<const T extends Kinds>(kinds: T): z.ZodType<Keyed<T>> {
  const names = Object.keys(kinds) as (keyof T & string)[];
  return z.unknown().transform((value, context): Keyed<T> => {
    const isObject = typeof value === "object" && value !== null;
    const present = isObject ? names.filter((name) => name in value) : [];
    const [kind] = present;
    const schema = kind === undefined ? undefined : kinds[kind];
    if (kind === undefined || schema === undefined || present.length > 1) {
      const message = `give exactly one of: ${names.join(", ")}`;
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    }
    const parsed = schema.safeParse(value, { reportInput: true });
    if (parsed.success) return { kind, ...parsed.data } as Keyed<T>;
    for (const issue of parsed.error.issues) {
      context.addIssue({ code: "custom", message: describeIssue(issue), path: [...issue.path] });
    }
    return z.NEVER;
  });
}
