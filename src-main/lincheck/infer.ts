/** Guesses the model from the names of operations, where only one fits. */
import { MeshError } from "#shared/contract/errors.ts";
import type { Keyed } from "./pairing.ts";
import type { ModelName } from "./types.ts";

const TELLING: Readonly<Record<string, ModelName>> = {
  write: "register",
  cas: "register",
  inc: "counter",
  dec: "counter",
  remove: "set",
  contains: "set",
};

/** Throws `MeshError` "bad-recording" when more than one model would do. */
export function inferModel(operations: readonly Keyed[]): ModelName {
  for (const { raw } of operations) {
    const model = Object.hasOwn(TELLING, raw.f) ? TELLING[raw.f] : undefined;
    if (model !== undefined) return model;
  }
  const adds = operations.some(({ raw }) => raw.f === "add");
  for (const { raw } of operations) {
    if (!adds || raw.f !== "read" || raw.place.outcome !== "ok") continue;
    if (Array.isArray(raw.result)) return "set";
    if (typeof raw.result === "number") return "counter";
  }
  const models = "register, cas-register, counter or set";
  throw new MeshError(
    "bad-recording",
    `The operations do not tell the model: name it in a header, {"model":"set"}, or with --model (${models}).`,
  );
}
