import type { OpenMeshInput } from "#shared/contract/protocol.ts";

export interface AttachForm {
  readonly address: string;
  /** The host's token, or Serf's RPC auth key. */
  readonly secret: string;
}

/** What is wrong with the form, by field, as codes that the feature's messages know. */
export interface AttachProblems {
  readonly address?: "empty" | "scheme" | "host";
  readonly secret?: "empty";
}

export type AttachKind = "serf" | "remote";

/** What kind of mesh an address leads to; undefined while nobody can tell. */
export function kindOfAddress(address: string): AttachKind | undefined {
  if (/^serf:\/\//i.test(address.trim())) return "serf";
  return /^wss?:\/\//i.test(address.trim()) ? "remote" : undefined;
}

export function checkAttach(form: AttachForm): AttachProblems {
  const address = form.address.trim();
  if (address === "") return { address: "empty" };
  const kind = kindOfAddress(address);
  if (kind === undefined) return { address: "scheme" };
  // `serf:` is no scheme that URL gives a host to; its rest has the same form as that of `ws:`.
  if (!URL.canParse(address.replace(/^serf:/i, "ws:"))) return { address: "host" };
  return kind === "remote" && form.secret.trim() === "" ? { secret: "empty" } : {};
}

/** Call it with a form that has no problems. */
export function attachRequest(form: AttachForm): OpenMeshInput {
  const address = form.address.trim();
  const secret = form.secret.trim();
  if (kindOfAddress(address) === "remote") return { kind: "remote", address, token: secret };
  return secret === "" ? { kind: "serf", address } : { kind: "serf", address, authKey: secret };
}
