import { MeshError } from "../contract/errors.ts";
import { TOPICS, type Topic } from "../contract/protocol.ts";
import type { TraceBatch } from "../contract/trace.ts";
import type { HostPort, SessionInfo } from "./host-port.ts";
import { MeshStream, type MeshStreamContext } from "./mesh-stream.ts";
import { LatestStream, overtake, type Stream } from "./stream.ts";

export interface StreamContext extends MeshStreamContext {
  readonly host: HostPort;
  readonly session: SessionInfo;
}

export interface OpenedStream {
  readonly stream: Stream;
  /** The mesh it belongs to, and ends with. */
  readonly mesh: string | undefined;
}

/** Throws `MeshError` for an unknown topic, bad parameters, and whatever the host refuses. */
export function openStream(name: string, raw: unknown, context: StreamContext): OpenedStream {
  if (!Object.hasOwn(TOPICS, name)) {
    throw new MeshError("unknown-method", `This host has no topic "${name.slice(0, 64)}".`);
  }
  const topic = name as Topic;
  const { host, session, changed } = context;
  switch (topic) {
    case "meshes": {
      check(topic, raw);
      const stream = LatestStream.open<object>(
        (offer) => host.meshes((meshes) => offer({ meshes }), session),
        changed,
      );
      return { stream, mesh: undefined };
    }
    case "mesh": {
      const { mesh, sinceSeq } = check(topic, raw);
      return { stream: MeshStream.open(host.mesh(mesh, session), sinceSeq, context), mesh };
    }
    case "trace": {
      const params = check(topic, raw);
      const stream = LatestStream.open<TraceBatch>(
        (offer) => host.trace(params, offer, session),
        changed,
        overtake,
      );
      return { stream, mesh: params.mesh };
    }
    default:
      return topic satisfies never;
  }
}

function check<T extends Topic>(topic: T, raw: unknown) {
  const parsed = TOPICS[topic].params.safeParse(raw);
  if (parsed.success) return parsed.data as ReturnType<(typeof TOPICS)[T]["params"]["parse"]>;
  const [issue] = parsed.error.issues;
  const where = `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`;
  throw new MeshError("bad-frame", `Parameters of ${topic}: ${where}`.slice(0, 500));
}
