/** What a person filled in to call for a decision, and the command that it comes to. */
import type { MeshCommandInput } from "#shared/contract/commands.ts";

export interface CallDraft {
  readonly title: string;
  readonly text: string;
  readonly percent: string;
  readonly seconds: string;
  /** Empty: the leader, or any that runs. */
  readonly node: string;
}

export const EMPTY_CALL: CallDraft = {
  title: "",
  text: "",
  percent: "67",
  seconds: "30",
  node: "",
};

/** Limits of the contract. */
export const MAX_TITLE = 128;
export const MAX_TEXT = 4_096;
const MAX_SECONDS = 86_400;
const PERCENT = 100;
const MS = 1_000;

export type CallResult =
  | { readonly ok: true; readonly command: MeshCommandInput }
  | { readonly ok: false; readonly problem: "title" | "percent" | "seconds" };

export function callCommand({ title, text, percent, seconds, node }: CallDraft): CallResult {
  if (title.trim() === "") return { ok: false, problem: "title" };
  const share = Number(percent);
  if (percent.trim() === "" || !(share > 0 && share <= PERCENT)) {
    return { ok: false, problem: "percent" };
  }
  const length = Number(seconds);
  if (!(length > 0 && length <= MAX_SECONDS)) return { ok: false, problem: "seconds" };
  return {
    ok: true,
    command: {
      type: "proposal.call",
      title: title.trim(),
      text,
      threshold: share / PERCENT,
      deadlineMs: length * MS,
      ...(node === "" ? {} : { node }),
    },
  };
}
