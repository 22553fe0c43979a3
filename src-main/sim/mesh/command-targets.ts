import type { MeshEventBody } from "#shared/contract/events.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import type { World } from "../world/world.ts";
import type { FaultRegister } from "./faults.ts";
import type { Leaders } from "./leaders.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** What commands are carried out on. */
export interface CommandTargets {
  readonly world: World;
  readonly nodes: Lifecycle;
  readonly faults: FaultRegister;
  readonly leaders: Leaders;
  readonly options: MeshOptions;
  readonly emit: (event: MeshEventBody) => void;
}
