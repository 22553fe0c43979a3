/** Requests to a mesh of a host, each followed to its answer in the event stream. */
import type { MeshCommand } from "#shared/contract/commands.ts";
import { type ErrorCode, MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent, MeshEventOf } from "#shared/contract/events.ts";
import type { RpcClient } from "#shared/rpc/client.ts";

export type RequestAnswer = MeshEventOf<"request.answered">;

/** `unknown`: it may have been carried out, may yet be, or never will be; `why` says how so. */
export type RequestOutcome =
  | { readonly kind: "answered"; readonly answer: RequestAnswer }
  | { readonly kind: "unknown"; readonly why: string };

/** Answers that are kept until it is known which one is ours. */
const MAX_KEPT_ANSWERS = 1_024;
/** Of the command itself: nobody can tell whether it reached the mesh. */
const DOUBTFUL: ReadonlySet<ErrorCode> = new Set(["disconnected", "timeout"]);

export interface RequestTarget {
  readonly mesh: string;
  readonly timeoutMs: number;
}

/** Throws `MeshError` where the mesh definitely refused. */
export async function requestAnswer(
  client: RpcClient,
  { mesh, timeoutMs }: RequestTarget,
  command: MeshCommand,
): Promise<RequestOutcome> {
  const answers = new Answers(client, mesh);
  try {
    await answers.ready(timeoutMs);
    const { created } = await client.request("mesh.command", { mesh, command }, timeoutMs);
    if (created === undefined) {
      throw new MeshError("not-supported", `This mesh does not answer ${command.type}.`);
    }
    return await answers.of(created, timeoutMs);
  } catch (error) {
    if (!(error instanceof MeshError) || !DOUBTFUL.has(error.code)) throw error;
    return { kind: "unknown", why: error.message };
  } finally {
    answers.close();
  }
}

class Answers {
  readonly #known = new Map<string, RequestAnswer>();
  readonly #stop: () => void;
  #playing: boolean | undefined;
  #ready = false;
  #ended: MeshError | undefined;
  #changed: () => void = () => undefined;

  constructor(client: RpcClient, mesh: string) {
    const subscription = client.subscribe(
      "mesh",
      { mesh },
      {
        push: (push) => {
          if (push.kind === "status") this.#playing = push.status.playing;
          if (push.kind === "snapshot") this.#ready = true;
          if (push.kind === "events") push.events.forEach((event) => this.#observe(event));
          this.#changed();
        },
        end: (error) => {
          this.#ended = error ?? new MeshError("closed", "This mesh was closed.");
          this.#changed();
        },
      },
    );
    this.#stop = () => subscription.cancel();
  }

  /** The stream has begun: no answer is missed from here on. */
  async ready(timeoutMs: number): Promise<void> {
    if (await this.#until(() => this.#ready, timeoutMs)) return;
    const message = "The host sent nothing of this mesh in time.";
    throw new MeshError("unreachable", message, { retryable: true });
  }

  async of(request: string, timeoutMs: number): Promise<RequestOutcome> {
    await this.#until(() => this.#known.has(request), timeoutMs);
    const answer = this.#known.get(request);
    if (answer !== undefined) return { kind: "answered", answer };
    const seconds = timeoutMs / 1_000;
    const why =
      this.#playing === false
        ? "the time of this mesh stands still; play it"
        : `${request} was not answered within ${seconds} s`;
    return { kind: "unknown", why };
  }

  close(): void {
    this.#stop();
  }

  #observe(event: MeshEvent): void {
    if (event.type !== "request.answered") return;
    this.#known.set(event.request, event);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_KEPT_ANSWERS && oldest !== undefined) this.#known.delete(oldest);
  }

  #until(holds: () => boolean, timeoutMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(() => resolve(false)), timeoutMs);
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.#changed = () => undefined;
        settle();
      };
      this.#changed = () => {
        const ended = this.#ended;
        if (holds()) finish(() => resolve(true));
        else if (ended !== undefined) finish(() => reject(ended));
      };
      this.#changed();
    });
  }
}
