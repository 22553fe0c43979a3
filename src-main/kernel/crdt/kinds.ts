/** The replicated types by name, for who holds several: append only, tags are on the wire. */
import { gCounter, pnCounter } from "./counters.ts";
import { lwwMap, lwwRegister } from "./lww.ts";
import { mvRegister } from "./mv-register.ts";
import { orSet } from "./or-set.ts";

export const CRDTS = {
  "g-counter": gCounter,
  "pn-counter": pnCounter,
  "lww-register": lwwRegister,
  "lww-map": lwwMap,
  "or-set": orSet,
  "mv-register": mvRegister,
} as const;
