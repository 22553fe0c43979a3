/** One value; the later write wins. */
import { type LwwRegister, lwwRegister } from "#main/kernel/crdt/lww.ts";
import { survives } from "../contributor.ts";
import type { CellType } from "./cell-type.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const lwwCell: CellType<LwwRegister> = {
  crdt: lwwRegister,
  write: (_state, { value, stamp }) => ({ delta: { stamp, value: encoder.encode(value) } }),
  prune: (state, floor) => (state !== null && survives(state.stamp, floor) ? state : null),
  // Removals are certificates here, so a write without a value is none of ours.
  newest: (state) => (state === null || state.value === null ? null : state.stamp),
  values: (state) => (state?.value === null || state === null ? [] : [decoder.decode(state.value)]),
  version: (state) => (state === null ? "" : `${state.stamp.at}@${state.stamp.node}`),
  keepsExpiry: false,
};
