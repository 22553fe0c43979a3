import { connections } from "../features/connections/index.ts";
import { events } from "../features/events/index.ts";
import { gossip } from "../features/gossip/index.ts";
import { logs } from "../features/logs/index.ts";
import { settings } from "../features/settings/index.ts";
import type { Feature } from "./feature.ts";

/** What the console is made of. */
export const FEATURES: readonly Feature[] = [events, logs, gossip, connections, settings];
