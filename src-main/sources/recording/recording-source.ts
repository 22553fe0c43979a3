/** A run that is over: nothing happens in it any more, but every moment can be looked at. */
import type { MeshDescription, MeshId, MeshStatus } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { MeshView } from "#shared/view/model.ts";
import { parseRecording } from "#main/sim/recording/format.ts";
import { EventHub, type EventHubOptions } from "../history/event-hub.ts";
import { MemoryArchive } from "../history/memory-archive.ts";
import type { CommandOutcome, MeshSink, MeshSource, RunPast } from "../mesh-source.ts";

export interface RecordingSourceOptions extends Omit<EventHubOptions, "archive"> {
  readonly id: MeshId;
  /** Content of the file. */
  readonly text: string;
}

export class RecordingSource implements MeshSource {
  readonly #options: RecordingSourceOptions;
  readonly #hub: EventHub;
  readonly #endAt: number;
  readonly #from: number;
  readonly #past: RunPast;
  #closed = false;

  /** Throws `MeshError` "bad-recording" that names the line. */
  constructor(options: RecordingSourceOptions) {
    this.#options = options;
    const { header, commands, events, end } = parseRecording(options.text);
    if (events[0] !== undefined && events[0].seq !== 1) {
      throw new MeshError("bad-recording", "The recording does not begin with the first event.");
    }
    this.#hub = new EventHub({ ...options, archive: new MemoryArchive() });
    for (const event of events) this.#hub.append(event);
    this.#from = this.#hub.historyFrom;
    this.#endAt = end.at;
    this.#past = {
      options: header.options,
      commands: commands.map(({ steps, at, actor, command }) => ({ steps, at, actor, command })),
    };
  }

  describe(): MeshDescription {
    const name = `${this.#hub.view.mesh.name} (recording)`.slice(0, 128);
    return {
      id: this.#options.id,
      name,
      kind: "recording",
      clock: "virtual",
      capabilities: {},
      traces: false,
      sandbox: true,
    };
  }

  status(): MeshStatus {
    const reason = this.#closed ? "This mesh is closed." : "This is a recording; it has ended.";
    return {
      connection: { state: "stopped", reason },
      seq: this.#hub.view.seq,
      at: Math.max(this.#hub.view.at, this.#endAt),
      historyFrom: this.#from,
      playing: false,
    };
  }

  snapshot(): MeshView {
    return this.#hub.snapshot();
  }

  subscribe(sink: MeshSink, sinceSeq?: number): () => void {
    return this.#hub.subscribe(sink, sinceSeq);
  }

  async execute(): Promise<CommandOutcome> {
    const message = "This is a recording: what happened can be looked at, not changed.";
    throw new MeshError("not-supported", message);
  }

  snapshotAt(at: number): Promise<MeshView> {
    return this.#hub.snapshotAt(at);
  }

  events(fromSeq: number, limit: number): Promise<readonly MeshEvent[]> {
    return this.#hub.events(fromSeq, limit);
  }

  async record(): Promise<string> {
    return this.#options.text;
  }

  async past(): Promise<RunPast> {
    return this.#past;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#hub.close();
  }
}
