/** What a session may ask, beyond watching: each request authorised by role, each action audited. */
import { z } from "zod";
import { type MeshCommand, COMMANDS, roleAllows } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import {
  MAX_FRAME_BYTES,
  type Method,
  METHODS,
  type OpenMesh,
  type ResultOf,
} from "#shared/contract/protocol.ts";
import { summarise } from "#shared/contract/summary.ts";
import type { CheckedParams, RefusedRequest, SessionInfo } from "#shared/rpc/host-port.ts";
import { DEFAULT_CONFIG, requireConfig } from "#shared/config/config.ts";
import { encodeSnapshot } from "#shared/view/snapshot.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { audited } from "./audited.ts";
import type { AuditIntent, GatewayPorts } from "./ports.ts";

export type MethodHandlers = {
  readonly [M in Method]: (params: CheckedParams<M>, session: SessionInfo) => Promise<ResultOf<M>>;
};

const FRAME_MARGIN_BYTES = 1_024;
const SETTINGS_KEY = "console";

/** The ports, and whom to tell that a mesh is no more. */
export interface MethodPorts extends GatewayPorts {
  readonly onMeshClosed: (mesh: string) => void;
}

export function createMethods(ports: MethodPorts): MethodHandlers {
  const { meshes, audit, settings } = ports;
  return {
    "meshes.list": async () => [...meshes.list()],
    "meshes.open": (how, session) =>
      audited(ports, intentOf(ports, session, openIntent(how)), async () => {
        return [...(await meshes.open(how))];
      }),
    "meshes.close": ({ mesh }, session) => {
      const what = { mesh, command: "meshes.close", summary: `Close ${mesh}` };
      return audited(ports, intentOf(ports, session, what), async () => {
        await meshes.close(mesh);
        ports.onMeshClosed(mesh);
        return {};
      });
    },
    "mesh.command": (params, session) => runCommand(ports, session, params),
    "mesh.snapshotAt": async ({ mesh, at }) =>
      encodeSnapshot(await meshes.get(mesh).snapshotAt(at)),
    "mesh.events": async ({ mesh, fromSeq, limit }) => [
      ...(await meshes.get(mesh).events(fromSeq, limit)),
    ],
    "mesh.record": async ({ mesh }) => ({ text: fitting(await meshes.get(mesh).record()) }),
    ...lookingMethods(ports),
    ...runMethods(ports),
    "lessons.list": async () => [...ports.lessons.list()],
    "audit.list": async (page) => [...audit.listAudit(page)],
    "settings.get": async () => ({
      settings: requireConfig(settings.getSetting(SETTINGS_KEY) ?? DEFAULT_CONFIG),
    }),
    "settings.set": (params, session) => {
      const what = { mesh: "", command: "settings.set", summary: "Change the console's settings" };
      return audited(ports, intentOf(ports, session, what), async () => {
        settings.setSetting(SETTINGS_KEY, requireConfig(params.settings));
        return {};
      });
    },
  };
}

type LookingMethod = "mesh.messages" | "mesh.message" | "mesh.inspect";

function lookingMethods({ meshes }: MethodPorts): Pick<MethodHandlers, LookingMethod> {
  return {
    "mesh.messages": async ({ mesh, nodes, ...window }) => {
      const source = meshes.get(mesh);
      if (source.messages === undefined) throw cannot(source, "messages");
      return source.messages(nodes === undefined ? window : { ...window, nodes });
    },
    "mesh.message": async ({ mesh, message }) => {
      const source = meshes.get(mesh);
      if (source.message === undefined) throw cannot(source, "messages");
      return source.message(message);
    },
    "mesh.inspect": async ({ mesh, node, logFrom, logLimit }) => {
      const source = meshes.get(mesh);
      if (source.inspect === undefined) throw cannot(source, "nodes");
      return source.inspect(node, { from: logFrom, limit: logLimit });
    },
  };
}

/** Why a source has nothing to show of what is no event. */
function cannot(source: MeshSource, what: "messages" | "nodes"): MeshError {
  const { kind } = source.describe();
  const reason =
    kind === "recording"
      ? `A recording holds what happened, not its ${what}; fork it and look there.`
      : `The engine behind this mesh shows nothing of its ${what}.`;
  return new MeshError("not-supported", reason);
}

type RunMethod = "mesh.fork" | "runs.list" | "runs.save" | "runs.read" | "runs.delete";

function runMethods(ports: MethodPorts): Pick<MethodHandlers, RunMethod> {
  const { meshes, runs } = ports;
  const on = <T>(session: SessionInfo, what: What, work: () => Promise<T>): Promise<T> =>
    audited(ports, intentOf(ports, session, what), work);
  return {
    "mesh.fork": ({ mesh, seq, name }, session) => {
      const what = { mesh, command: "mesh.fork", summary: `Fork ${mesh} at event ${seq}` };
      return on(session, what, async () => ({ mesh: await meshes.fork(mesh, { seq, name }) }));
    },
    "runs.list": async () => [...(await runs.list())],
    "runs.save": ({ mesh, name }, session) => {
      const what = { mesh, command: "runs.save", summary: `Save the run of ${mesh} as ${name}` };
      return on(session, what, async () => runs.save(name, await meshes.get(mesh).record()));
    },
    "runs.read": async ({ run }) => ({ text: fitting(await runs.read(run)) }),
    "runs.delete": ({ run }, session) => {
      const what = { mesh: "", command: "runs.delete", summary: `Delete the saved run ${run}` };
      return on(session, what, async () => {
        await runs.delete(run);
        return {};
      });
    },
  };
}

function runCommand(
  ports: GatewayPorts,
  session: SessionInfo,
  params: CheckedParams<"mesh.command">,
): Promise<ResultOf<"mesh.command">> {
  const { mesh, command, reason } = params;
  const what = { mesh, command: command.type, summary: summarise(command) };
  const intent = intentOf(ports, session, reason === undefined ? what : { ...what, reason });
  return audited(ports, intent, async () => {
    requireRole(session, command);
    return executeOn(ports, session, { mesh, command });
  });
}

async function executeOn(
  ports: GatewayPorts,
  session: SessionInfo,
  what: { readonly mesh: string; readonly command: MeshCommand },
): Promise<ResultOf<"mesh.command">> {
  const source = ports.meshes.get(what.mesh);
  const refusal = source.describe().capabilities[what.command.type];
  if (refusal !== null) {
    throw new MeshError(
      "not-supported",
      refusal ?? `This mesh does not offer ${what.command.type}.`,
    );
  }
  return source.execute(what.command, { actor: actorOf(session) });
}

/** A recording has to fit into one frame, quotes and all. */
function fitting(text: string): string {
  if (JSON.stringify(text).length <= MAX_FRAME_BYTES - FRAME_MARGIN_BYTES) return text;
  const megabytes = MAX_FRAME_BYTES / 1024 / 1024;
  throw new MeshError(
    "too-large",
    `This run is longer than the ${megabytes} MB that can be sent; ` +
      "run it as a scenario with `meshdeck run --record` instead.",
  );
}

function requireRole(session: SessionInfo, command: MeshCommand): void {
  const { role } = COMMANDS[command.type];
  if (roleAllows(session.role, role)) return;
  throw new MeshError(
    "forbidden",
    `${command.type} needs the role ${role}; this session has ${session.role}.`,
  );
}

/** What the audit log shows of who asked. The client's name is its own claim. */
export function actorOf(session: SessionInfo): string {
  return `${session.client.slice(0, 100)} #${session.id}`;
}

const MAX_NAME = 64;

/** A request that would have changed something, for the record; its parameters are not checked. */
export function refusedIntent(
  ports: Pick<GatewayPorts, "wallMs">,
  session: SessionInfo,
  { method, params }: RefusedRequest,
): AuditIntent | undefined {
  const changes = METHODS[method].role !== "viewer" || method === "mesh.command";
  if (!changes) return undefined;
  const { mesh, command } = z
    .looseObject({
      mesh: z.string().catch(""),
      command: z.looseObject({ type: z.string().catch("") }).catch({ type: "" }),
    })
    .catch({ mesh: "", command: { type: "" } })
    .parse(params);
  const name = command.type === "" ? method : command.type;
  const what = { mesh: mesh.slice(0, MAX_NAME), command: name.slice(0, MAX_NAME) };
  return intentOf(ports, session, { ...what, summary: what.command });
}

type What = Pick<AuditIntent, "mesh" | "command" | "summary" | "reason">;

function intentOf(
  ports: Pick<GatewayPorts, "wallMs">,
  session: SessionInfo,
  what: What,
): AuditIntent {
  return { timeMs: ports.wallMs(), actor: actorOf(session), role: session.role, ...what };
}

/** In words, without what is secret. */
function openIntent(how: OpenMesh): What {
  const summary = `Open a ${how.kind} mesh ${targetOf(how)}`.trim();
  return { mesh: "", command: "meshes.open", summary };
}

function targetOf(how: OpenMesh): string {
  switch (how.kind) {
    case "simulated":
      return how.options.name;
    case "serf":
    case "remote":
      return how.address;
    case "recording":
      return "";
    case "lesson":
      return how.lesson;
    case "run":
      return how.run;
  }
}
