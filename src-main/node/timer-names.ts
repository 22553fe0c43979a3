/**
 * A node's machines keep their timers under one roof: the detector's "period" is "detector:period"
 * to the driver. The same few names come again and again, so joined ones are kept: a string made
 * anew has to be hashed anew wherever it is a key. A cache only, of a pure function.
 */
import type { TimerName } from "#main/kernel/machine.ts";

/** Names kept; beyond, all are forgotten: some carry a member or a number, and never come again. */
const MAX_KEPT = 8_192;
const SEPARATOR = ":";

export interface MachineTimer {
  /** Of the machine, with the separator at its end. */
  readonly prefix: string;
  /** What the machine itself calls the timer. */
  readonly timer: TimerName;
}

const joined = new Map<string, Map<TimerName, TimerName>>();
const split = new Map<TimerName, MachineTimer>();

/** `prefix` ends with the separator, and has no other. */
export function joinTimer(prefix: string, timer: TimerName): TimerName {
  const known = joined.get(prefix)?.get(timer);
  return known ?? keep({ prefix, timer }, prefix + timer);
}

/** What `joinTimer` put together; a name without a separator has an empty prefix. */
export function splitTimer(name: TimerName): MachineTimer {
  const known = split.get(name);
  if (known !== undefined) {
    return known;
  }
  const end = name.indexOf(SEPARATOR) + 1;
  return { prefix: name.slice(0, end), timer: name.slice(end) };
}

function keep(parts: MachineTimer, name: TimerName): TimerName {
  if (split.size >= MAX_KEPT) {
    split.clear();
    joined.clear();
  }
  const ofMachine = joined.get(parts.prefix) ?? new Map<TimerName, TimerName>();
  joined.set(parts.prefix, ofMachine.set(parts.timer, name));
  split.set(name, parts);
  return name;
}
