/** Agreement, replicated state, decisions and lessons, as far as events tell. */
import type { MeshEventType } from "../contract/events.ts";
import { configHandlers } from "./agreement/configs.ts";
import { electionHandlers } from "./agreement/elections.ts";
import { evidenceHandlers } from "./agreement/evidence.ts";
import { logHandlers } from "./agreement/logs.ts";
import { memberHandlers } from "./agreement/members.ts";
import { roundHandlers } from "./agreement/rounds.ts";
import type { Handlers } from "./handler.ts";
import { aggregateHandlers } from "./state/aggregates.ts";
import { lessonHandlers } from "./state/lessons.ts";
import { memoryHandlers } from "./state/memory.ts";
import { proposalHandlers } from "./state/proposals.ts";
import { reputationHandlers } from "./state/reputation.ts";
import { requestHandlers } from "./state/requests.ts";

type AgreementType = Extract<
  MeshEventType,
  | `consensus.${string}`
  | `request.${string}`
  | `proposal.${string}`
  | `memory.${string}`
  | `aggregate.${string}`
  | `reputation.${string}`
  | "invariants.checked"
  | "lesson.step"
>;

export const agreementHandlers: Handlers<AgreementType> = {
  ...memberHandlers,
  ...electionHandlers,
  ...logHandlers,
  ...roundHandlers,
  ...configHandlers,
  ...evidenceHandlers,
  ...requestHandlers,
  ...proposalHandlers,
  ...memoryHandlers,
  ...aggregateHandlers,
  ...reputationHandlers,
  ...lessonHandlers,
};
