import { COMMAND_TYPES, COMMANDS, type CommandType } from "#shared/contract/commands.ts";
import type { MeshDescription } from "#shared/contract/description.ts";

const REASONS: Readonly<Partial<Record<CommandType, string | null>>> = {
  "user.event": null,
  "member.forceLeave": null,
  "node.kill": "Serf can't stop another machine's process; stop the agent there.",
  "node.restart": "Serf can't start another machine's process; start the agent there.",
  "node.pause": "Serf can't stop another machine's process; pause the agent there.",
  "node.resume": "Serf can't reach a paused process; resume the agent there.",
  "node.slow": "Serf can't slow another machine down; load it there.",
  "node.add": "Serf can't start agents; start one there and let it join.",
  "node.remove": "Serf can't make another agent leave; run `serf leave` there, or force-leave it.",
  "clock.skew": "Serf can't change another machine's clock.",
  "fault.clear": "Meshdeck makes no faults in a Serf cluster, so there are none to clear.",
  "fault.clearAll": "Meshdeck makes no faults in a Serf cluster, so there are none to clear.",
  "topology.set": "Serf has no overlay of its own: each agent gossips with all others.",
  "gossip.set": "Serf's gossip is set by each agent's -profile when it starts.",
  "rumour.publish": "Serf spreads user events instead; send one of those.",
  "route.trace": "Serf has no routes: each agent reaches all others directly.",
  "member.forget": "Serf forgets a failed member by force-leave with prune.",
};

const BY_GROUP = {
  time: "This is a real cluster; its time can't be paused, stepped or sped up.",
  network: "Serf can't cut or disturb the network; use the machines' own firewall.",
} as const;

/** What Serf offers through Meshdeck, and for everything else why not. */
export const SERF_CAPABILITIES: MeshDescription["capabilities"] = Object.fromEntries(
  COMMAND_TYPES.map((type) => [type, offer(type)]),
);

function offer(type: CommandType): string | null {
  const own = REASONS[type];
  if (own !== undefined) return own;
  const { group } = COMMANDS[type];
  return group === "time" || group === "network" ? BY_GROUP[group] : "Serf does not have this.";
}
