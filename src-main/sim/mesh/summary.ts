import type { MeshCommand } from "#shared/contract/commands.ts";

const MAX_SUMMARY = 512;

/** One line: the command and what it was given. */
export function commandSummary(command: MeshCommand): string {
  const { type, ...parameters } = command;
  const words = Object.entries(parameters).map(([name, value]) => `${name}=${plain(value)}`);
  return [type, ...words].join(" ").slice(0, MAX_SUMMARY);
}

function plain(value: unknown): string {
  const isList = Array.isArray(value) && value.every((item) => typeof item === "string");
  return isList ? value.join(",") : JSON.stringify(value);
}
