/** Checks of what was agreed: leaders, logs, decisions, memory, and whether safety was borne. */
import type { MeshView } from "../view/model.ts";
import { consensusQuorum } from "../view/select/consensus-quorum.ts";
import { leadership } from "../view/select/leadership.ts";
import { firstDivergence } from "../view/select/log-comparison.ts";
import type { ProposalView } from "../view/state-model.ts";
import type { FinalCheck } from "./expectation.ts";
import { checkBounds, first, nodesOf, type Verdict } from "./verdict.ts";

type CheckOf<K extends FinalCheck["kind"]> = Extract<FinalCheck, { kind: K }>;
type AgreementCheck = CheckOf<"leader" | "committed" | "logs" | "memory" | "proposal" | "safety">;

export function checkAgreement(view: MeshView, check: AgreementCheck): Verdict {
  switch (check.kind) {
    case "leader":
      return checkLeader(view, check.leader);
    case "committed":
      return first(nodesOf(view, check.of), (id) => {
        const { committed } = view.agreement.members.get(id) ?? {};
        return checkBounds(committed, check.committed, `the commit index of ${id}`);
      });
    case "logs":
      return checkLogs(view);
    case "memory":
      return first(nodesOf(view, check.of), (id) => checkMemory(view, id, check));
    case "proposal":
      return checkProposal(view, check);
    case "safety": {
      const safety = consensusQuorum(view)?.safety;
      if (safety === undefined) return "the mesh has no consensus";
      return safety === check.safety ? undefined : `safety is ${safety}, not ${check.safety}`;
    }
    default:
      return check satisfies never;
  }
}

function checkLeader(view: MeshView, wanted: string): Verdict {
  const { leader, state } = leadership(view);
  if (wanted === "none") return leader === undefined ? undefined : `${leader} leads`;
  if (leader === undefined) return `nobody leads (${state})`;
  return wanted === "any" || wanted === leader ? undefined : `${leader} leads, not ${wanted}`;
}

function checkLogs(view: MeshView): Verdict {
  const running = nodesOf(view, "running").filter((id) => view.agreement.logs.has(id));
  if (running.length === 0) return "no running node has a log";
  const row = firstDivergence(view, running);
  if (row === undefined) return undefined;
  const held = row.cells.flatMap(({ node, entry }) =>
    entry === undefined ? [] : [`${node} ${entry.digest} of term ${entry.term}`],
  );
  return `the logs differ at entry ${row.index}: ${held.join(", ")}`;
}

function checkMemory(view: MeshView, id: string, check: CheckOf<"memory">): Verdict {
  const { namespace, memory: key, value } = check;
  const holding = view.memory.namespaces.get(namespace)?.keys.get(key)?.get(id);
  const values = holding?.values ?? [];
  const what = `${namespace}/${key} at ${id}`;
  if (value === null) return values.length === 0 ? undefined : `${what} is ${quoted(values)}`;
  if (values.length === 1 && values[0] === value) return undefined;
  return `${what} is ${values.length === 0 ? "not there" : quoted(values)}, not "${value}"`;
}

function quoted(values: readonly string[]): string {
  return values.map((value) => `"${value.slice(0, 64)}"`).join(" and ");
}

function checkProposal(view: MeshView, { proposal, title }: CheckOf<"proposal">): Verdict {
  const all = [...view.proposals.list.values()];
  const latest = all.findLast((each) => title === undefined || each.title === title);
  if (latest === undefined) return "no such decision was called for";
  return first(nodesOf(view, "running"), (id) => checkOutcome(latest, id, proposal));
}

function checkOutcome({ id, nodes }: ProposalView, node: string, wanted: string): Verdict {
  const known = nodes.get(node);
  if (known === undefined) return undefined;
  const outcome = known.outcome?.outcome ?? "open";
  return outcome === wanted ? undefined : `${id} is ${outcome} at ${node}, not ${wanted}`;
}
