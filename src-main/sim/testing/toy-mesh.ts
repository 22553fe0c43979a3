import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { meshCommandSchema } from "#shared/contract/commands.ts";
import type { MeshEvent, MeshEventOf, MeshEventType } from "#shared/contract/events.ts";
import { type MeshOptionsInput, meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { seconds } from "#main/kernel/time.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import type { MeshFactory, SimOutcome } from "../types.ts";
import { toyFactory } from "./toy-node.ts";

/** A mesh with its events at hand, for tests. */
export class TestMesh {
  readonly events: MeshEvent[] = [];
  readonly mesh: SimMesh;

  constructor(options: MeshOptionsInput = {}, factory: MeshFactory = toyFactory()) {
    const sink = (event: MeshEvent): void => {
      this.events.push(event);
    };
    this.mesh = new SimMesh(meshOptionsSchema.parse(options), { factory, sink });
  }

  run(forSeconds: number): this {
    this.mesh.runUntil(this.mesh.now + seconds(forSeconds));
    return this;
  }

  do(command: MeshCommandInput): SimOutcome {
    return this.mesh.execute(meshCommandSchema.parse(command), "tester");
  }

  of<T extends MeshEventType>(type: T): MeshEventOf<T>[] {
    return this.events.filter((event): event is MeshEventOf<T> => event.type === type);
  }

  last<T extends MeshEventType>(type: T): MeshEventOf<T> | undefined {
    return this.of(type).at(-1);
  }
}
