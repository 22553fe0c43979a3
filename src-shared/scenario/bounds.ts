/** Bounds of a number: one of the two at least, and room between them. */
import { z } from "zod";

export interface Bounds {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

export const boundShape = { atLeast: z.number().optional(), atMost: z.number().optional() };

/** For objects with these two fields: says what is wrong with them. */
export function refuseBadBounds({ atLeast, atMost }: Bounds, context: z.RefinementCtx): void {
  if (atLeast === undefined && atMost === undefined) {
    context.addIssue({ code: "custom", message: "give atLeast, atMost or both" });
  } else {
    refuseCrossedBounds({ atLeast, atMost }, context);
  }
}

export function refuseCrossedBounds({ atLeast, atMost }: Bounds, context: z.RefinementCtx): void {
  if (atLeast === undefined || atMost === undefined || atLeast <= atMost) return;
  const message = `${atMost} is less than atLeast, ${atLeast}`;
  context.addIssue({ code: "custom", message, path: ["atMost"] });
}

export const boundsSchema = z.strictObject(boundShape).superRefine(refuseBadBounds);
