import { connections } from "../features/connections/index.ts";
import { consensus } from "../features/consensus/index.ts";
import { events } from "../features/events/index.ts";
import { faults } from "../features/faults/index.ts";
import { gossip } from "../features/gossip/index.ts";
import { inspector } from "../features/inspector/index.ts";
import { invariants } from "../features/invariants/index.ts";
import { lessons } from "../features/lessons/index.ts";
import { logs } from "../features/logs/index.ts";
import { memory } from "../features/memory/index.ts";
import { messages } from "../features/messages/index.ts";
import { decisions } from "../features/proposals/index.ts";
import { runs } from "../features/runs/index.ts";
import { settings } from "../features/settings/index.ts";
import { topology } from "../features/topology/index.ts";
import type { Feature } from "./feature.ts";

/** What the console is made of. */
export const FEATURES: readonly Feature[] = [
  topology,
  messages,
  consensus,
  invariants,
  memory,
  decisions,
  inspector,
  faults,
  events,
  logs,
  gossip,
  lessons,
  runs,
  connections,
  settings,
];
