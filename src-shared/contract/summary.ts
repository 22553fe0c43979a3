import type { MeshCommand } from "./commands.ts";

const MAX_SUMMARY = 512;
const NAMES_SHOWN = 12;

/** One line for the audit log: the command and what it was given, `node.kill nodes=E`. */
export function summarise(command: MeshCommand): string {
  const { type, ...params } = command;
  const words = Object.entries(params)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${plain(value)}`);
  return [type, ...words].join(" ").slice(0, MAX_SUMMARY);
}

function plain(value: unknown): string {
  if (!Array.isArray(value))
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  if (value.some(Array.isArray)) return value.map(plain).join("|");
  const shown = value.slice(0, NAMES_SHOWN).join(",");
  return value.length > NAMES_SHOWN ? `${shown},…(${value.length})` : shown;
}
