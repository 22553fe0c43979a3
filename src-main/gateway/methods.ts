/** What a session may ask, beyond watching: each request authorised by role, each action audited. */
import { type MeshCommand, COMMANDS, roleAllows } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import {
  MAX_FRAME_BYTES,
  type Method,
  type OpenMesh,
  type ResultOf,
} from "#shared/contract/protocol.ts";
import { summarise } from "#shared/contract/summary.ts";
import type { CheckedParams, SessionInfo } from "#shared/rpc/host-port.ts";
import { DEFAULT_CONFIG, requireConfig } from "#shared/config/config.ts";
import { encodeSnapshot } from "#shared/view/snapshot.ts";
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
    "mesh.messages": async () => refuse("This host keeps no messages to read."),
    "mesh.message": async () => refuse("This host keeps no messages to read."),
    "mesh.inspect": async () => refuse("Nodes of this mesh cannot be looked into."),
    "mesh.fork": async () => refuse("This mesh cannot be forked."),
    "lessons.list": async () => [],
    "runs.list": async () => [],
    "runs.save": async () => refuse("This host saves no runs."),
    "runs.read": async () => refuse("This host saves no runs."),
    "runs.delete": async () => refuse("This host saves no runs."),
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

type What = Pick<AuditIntent, "mesh" | "command" | "summary" | "reason">;

function intentOf(ports: GatewayPorts, session: SessionInfo, what: What): AuditIntent {
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

function refuse(message: string): never {
  throw new MeshError("not-supported", message);
}
