/** What sentences about agreement and replicated state take beside the event's own fields. */
import type { MeshEvent, MeshEventOf } from "#shared/contract/events.ts";
import { formatBytes, formatDuration, orUnknown } from "../../ui/format.ts";
import { cleanText } from "../../ui/text.ts";

type Translate = (key: string, params: Readonly<Record<string, unknown>>) => string;
type Params = Readonly<Record<string, unknown>>;

/** "term 3" of Raft, "view 3" of pBFT. */
function termWord(t: Translate, term: number, isView: boolean): string {
  return t(isView ? "consensus:word.view" : "consensus:word.term", { term });
}

export function agreementWords(t: Translate, event: MeshEvent): Params {
  switch (event.type) {
    case "consensus.role":
      return roleWords(t, event);
    case "consensus.vote":
      return voteWords(t, event);
    case "consensus.tally":
      return { termWord: termWord(t, event.term, event.phase === "view-change") };
    case "consensus.appended":
      return { entryList: entryList(t, event.entries) };
    case "consensus.round":
      return { phaseWord: t(`consensus:phase.${event.phase}`, {}) };
    case "consensus.snapshot":
      return { context: event.how, size: formatBytes(event.bytes) };
    case "consensus.config":
      return event.outgoing.length > 0 ? { context: "joint" } : {};
    case "disk.damaged":
      return { context: event.damage };
    case "message.meddled":
      return { context: event.what };
    default:
      return stateWords(t, event);
  }
}

function roleWords(t: Translate, event: MeshEventOf<"consensus.role">): Params {
  const { role, term, leader, node } = event;
  const isView = role === "primary" || role === "backup" || role === "view-change";
  const led = leader !== undefined && leader !== node;
  return {
    ...(led && { context: "led" }),
    roleWord: t(`consensus:role.${role}`, {}),
    termWord: termWord(t, term, isView),
  };
}

function voteWords(t: Translate, event: MeshEventOf<"consensus.vote">): Params {
  const { phase, granted, term } = event;
  const asked = granted ? "wouldGrant" : "wouldRefuse";
  const voted = granted ? "granted" : "refused";
  const context = phase === "pre-vote" ? asked : voted;
  return {
    context: phase === "view-change" ? "demands" : context,
    termWord: termWord(t, term, phase === "view-change"),
  };
}

/** "entry 4", or "entries 4 to 9". */
function entryList(t: Translate, entries: MeshEventOf<"consensus.appended">["entries"]): string {
  const [first, last] = [entries[0]?.index ?? 0, entries.at(-1)?.index ?? 0];
  return entries.length === 1
    ? t("consensus:word.entry", { first })
    : t("consensus:word.entries", { first, last });
}

function stateWords(t: Translate, event: MeshEvent): Params {
  switch (event.type) {
    case "request.answered": {
      const known = event.code === "ok" || event.code === "unknown";
      const codeWord = t(`consensus:code.${event.code}`, {});
      return {
        context: known ? event.code : "failed",
        codeWord,
        took: formatDuration(event.tookUs),
      };
    }
    case "proposal.voted":
      return { context: event.choice };
    case "proposal.decided":
      return { context: event.outcome };
    case "memory.changed": {
      const [one, ...more] = event.values;
      const valueList = event.values.map((value) => cleanText(value, 64)).join(" | ");
      if (one === undefined) return { context: "gone" };
      return more.length > 0 ? { context: "siblings", valueList } : { valueList };
    }
    case "memory.exchange":
      return { size: formatBytes(event.bytes) };
    case "aggregate.estimate":
      return {
        meanWord: orUnknown(event.mean, round),
        countWord: orUnknown(event.count, (count) => `${Math.round(count)}`),
      };
    case "reputation.changed":
      return {
        scoreWord: round(event.score),
        standingWord: t(`consensus:standing.${event.standing}`, {}),
      };
    case "invariants.checked":
      return {
        checks: event.checks.reduce((sum, { checks }) => sum + checks, 0),
        violations: event.checks.reduce((sum, { violations }) => sum + violations, 0),
      };
    case "lesson.step":
      return { words: cleanText(localised(t, event), 200) };
    default:
      return {};
  }
}

function round(value: number): string {
  return `${Math.round(value * 100) / 100}`;
}

/** The lesson in the console's language, where it was translated. */
export function localised(
  t: Translate,
  { en, zh }: { readonly en: string; readonly zh?: string | undefined },
): string {
  return t("consensus:word.language", {}) === "zh" ? (zh ?? en) : en;
}
