/** Elements; of an add and a concurrent remove the add wins. */
import { sortedKeys } from "#main/kernel/crdt/canonical.ts";
import { fitsText } from "#main/kernel/crdt/canonical.ts";
import { cloudSize } from "#main/kernel/crdt/causal-context.ts";
import * as limits from "#main/kernel/crdt/limits.ts";
import { addElement, type OrSet, orSet, removeElement } from "#main/kernel/crdt/or-set.ts";
import type { Stamp } from "#main/kernel/crdt/stamp.ts";
import { beginActor, newestStamp, ownActor, stampOfActor, survives } from "../contributor.ts";
import { type CellDelta, type CellType, refused } from "./cell-type.ts";
import { versionText } from "./version.ts";

const REMOVE = "-";
/** Characters of a set as people see it; what does not fit is counted. */
const MAX_TEXT = 16_000;

export const setCell: CellType<OrSet> = {
  crdt: orSet,

  write(state, { value, stamp, ...contributor }): CellDelta<OrSet> {
    const removes = value.startsWith(REMOVE);
    const element = removes ? value.slice(REMOVE.length) : value;
    if (element === "") {
      return refused("bad-request", `an element is not empty; "${REMOVE}" in front takes one out`);
    }
    if (!fitsText(element, limits.MAX_ELEMENT_BYTES)) {
      return refused("too-large", `an element has up to ${limits.MAX_ELEMENT_BYTES} bytes`);
    }
    if (removes) {
      return { delta: state.adds.has(element) ? removeElement(state, element) : null };
    }
    const actor = ownActor(contributor, actorsOf(state)) ?? beginActor(contributor, stamp.at);
    return { delta: addElement(state, actor, element) };
  },

  prune(state, floor) {
    const { vector, cloud } = state.context;
    const adds = new Map(
      [...state.adds]
        .map(([element, dots]) => {
          return [
            element,
            dots.filter(({ actor }) => survives(stampOfActor(actor), floor)),
          ] as const;
        })
        .filter(([, dots]) => dots.length > 0),
    );
    const context = { vector: kept(vector, floor), cloud: kept(cloud, floor) };
    return { adds, context };
  },

  newest: (state) => newestStamp([...actorsOf(state)].map(stampOfActor)),

  /** One text: its elements are not in conflict with each other. */
  values: (state) => [setText(sortedKeys(state.adds))],

  version: ({ context }) => {
    const parts = sortedKeys(context.vector).map((actor) => {
      return `${actor}:${context.vector.get(actor) ?? 0}`;
    });
    const above = cloudSize(context);
    return versionText(above === 0 ? parts : [...parts, `+${above}`]);
  },

  keepsExpiry: true,
};

/** JSON; of a set that is too long for a screen the beginning, and how many elements are left. */
export function setText(elements: readonly string[]): string {
  const whole = JSON.stringify(elements);
  if (whole.length <= MAX_TEXT) {
    return whole;
  }
  const shown: string[] = [];
  let length = 0;
  for (const element of elements) {
    length += JSON.stringify(element).length + 1;
    if (length > MAX_TEXT) {
      break;
    }
    shown.push(element);
  }
  return `${JSON.stringify(shown).slice(0, -1)}, … ${elements.length - shown.length} more]`;
}

function actorsOf({ context }: OrSet): string[] {
  return [...context.vector.keys(), ...context.cloud.keys()];
}

function kept<Value>(byActor: ReadonlyMap<string, Value>, floor: Stamp): Map<string, Value> {
  return new Map([...byActor].filter(([actor]) => survives(stampOfActor(actor), floor)));
}
