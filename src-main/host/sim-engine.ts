/** Puts a simulated mesh together: the world, its nodes, and the steps of a scenario over them. */
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { Inspection, MessageDetail } from "#shared/contract/inspection.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { ScenarioStep } from "#shared/scenario/scenario.ts";
import type { Micros } from "#main/kernel/time.ts";
import { describePacket } from "#main/node/describe.ts";
import { meshFactory } from "#main/sim/mesh-factory.ts";
import { packetText } from "#main/sim/mesh/packet-text.ts";
import { SimMesh } from "#main/sim/mesh/sim-mesh.ts";
import { formatRecording } from "#main/sim/recording/format.ts";
import { recordingOf } from "#main/sim/recording/replay.ts";
import { ScenarioPlayer } from "#main/sim/scenario/player.ts";
import type {
  CommandOutcome,
  LogWindow,
  MessageWindow,
  RunPast,
} from "#main/sources/mesh-source.ts";
import type { SimulatedEngine, TraceQuery } from "#main/sources/simulated/engine.ts";
import { MESHDECK_VERSION } from "./version.ts";

/** `stepToChange` gives up after so many things; a mesh of thousands needs many for one period. */
const MAX_STEPS_TO_CHANGE = 1_000_000;

export class SimEngine implements SimulatedEngine {
  readonly mesh: SimMesh;
  readonly #player: ScenarioPlayer;

  /** `steps` are carried out as time passes. */
  constructor(
    options: MeshOptions,
    steps: readonly ScenarioStep[],
    sink: (event: MeshEvent) => void,
  ) {
    const failed = (why: string): void => this.#tell(why);
    const player = new ScenarioPlayer(steps, { stepBegins: () => undefined, failed });
    this.#player = player;
    this.mesh = new SimMesh(options, {
      factory: meshFactory,
      sink: (event) => {
        sink(event);
        player.observe(event);
      },
    });
  }

  get now(): Micros {
    return this.mesh.now;
  }

  get nextSerial(): number {
    return this.mesh.nextSerial;
  }

  execute(command: MeshCommand, actor: string): CommandOutcome {
    return this.mesh.execute(command, actor);
  }

  stepEvent(): boolean {
    const { mesh } = this;
    if (this.#player.nextStep === undefined) return mesh.stepEvent();
    return this.#player.approach(mesh, Number.POSITIVE_INFINITY, 1);
  }

  stepToChange(): boolean {
    const { mesh } = this;
    const before = mesh.changes;
    for (let i = 0; i < MAX_STEPS_TO_CHANGE; i += 1) {
      if (mesh.idle && this.#player.nextStep === undefined) return false;
      this.stepEvent();
      if (mesh.changes !== before) return true;
    }
    return false;
  }

  runUntil(at: Micros, maxSteps: number): number {
    const { mesh } = this;
    const begin = mesh.steps;
    const left = (): number => maxSteps - (mesh.steps - begin);
    while (left() > 0 && this.#player.nextStep !== undefined) {
      const onward = this.#player.approach(mesh, at, left());
      if (!onward || this.#player.pausing) return mesh.steps - begin;
    }
    if (left() > 0) mesh.runUntil(at, left());
    return mesh.steps - begin;
  }

  takePause(): boolean {
    return this.#player.takePause();
  }

  trace(query: TraceQuery): { readonly batch: TraceBatch; readonly nextSerial: number } {
    return this.mesh.trace(query);
  }

  messages(window: MessageWindow): TraceBatch {
    return this.mesh.messages(window);
  }

  message(serial: number): MessageDetail {
    const { content, ...row } = this.mesh.message(serial);
    const detail = { message: serial, ...row };
    return content === undefined
      ? detail
      : { ...detail, decoded: packetText(describePacket(content)) };
  }

  inspect(node: string, { from, limit }: LogWindow): Inspection {
    return this.mesh.inspect(node, from, limit);
  }

  past(): RunPast {
    const { options, commands } = this.mesh;
    return { options, commands: [...commands] };
  }

  record(events: readonly MeshEvent[]): string {
    return formatRecording(recordingOf(this.mesh, events, MESHDECK_VERSION));
  }

  /** A person may have changed the mesh so that the scenario's own steps do not fit any more. */
  #tell(why: string): void {
    const en = `The scenario does not go as it was meant to: ${why}.`.slice(0, 4_096);
    const zh = `场景没有按预期进行：${why}`.slice(0, 4_096);
    const { said: index, total } = this.#player;
    this.mesh.execute({ type: "lesson.say", index, total, en, zh, pause: false }, "scenario");
  }
}
