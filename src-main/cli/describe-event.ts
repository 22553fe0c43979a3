/** An event as one line for a terminal. */
import type { MeshEvent } from "#shared/contract/events.ts";
import { safeText } from "./terminal.ts";

const MICROS_PER_MS = 1_000;

export function describeEvent(event: MeshEvent, clock: "virtual" | "wall"): string {
  const { seq: _seq, at, type, node, ...rest } = { node: undefined, ...event };
  const fields = Object.entries(rest).map(([name, value]) => `${name}=${describeValue(value)}`);
  const where = node === undefined ? [] : [`[${safeText(node, 64)}]`];
  return [describeTime(at, clock), type, ...where, ...fields].join(" ");
}

export function describeTime(at: number, clock: "virtual" | "wall"): string {
  if (clock === "wall") return new Date(at / MICROS_PER_MS).toISOString();
  return `${(at / 1_000_000).toFixed(3)}s`;
}

function describeValue(value: unknown): string {
  return safeText(typeof value === "string" ? value : JSON.stringify(value));
}
