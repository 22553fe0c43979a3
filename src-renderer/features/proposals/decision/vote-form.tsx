import { Check, Minus, X } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type VoteChoice, voteChoiceSchema } from "#shared/contract/state-events.ts";
import { useApp } from "../../../app/context.ts";
import { useNode, useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { Field, Select, TextInput } from "../../../ui/field.tsx";
import { Segmented } from "../../../ui/toggle.tsx";
import type { DecisionProps } from "./props.ts";

const MAX_REASON = 512;
const ICONS = { yes: <Check aria-hidden />, no: <X aria-hidden />, abstain: <Minus aria-hidden /> };

/** The outcome appears in the table and in the list of requests. */
const QUIET = { quiet: true } as const;

/** Votes in the name of one node; each member votes once, so the next silent one is offered. */
export function VoteForm({ proposal }: DecisionProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("decisions");
  const nodes = useNodeIds();
  // What the command can do follows the session and the active mesh.
  useConsole((state) => state.listings);
  const [chosen, setChosen] = useState("");
  const [choice, setChoice] = useState<VoteChoice>("yes");
  const [reason, setReason] = useState("");
  const silent = nodes.filter((id) => !proposal.votes.has(id));
  const node = nodes.includes(chosen) ? chosen : (silent[0] ?? nodes[0] ?? "");
  const objection = useObjection(proposal, node);
  const refusal = app.refusal("proposal.vote") ?? objection;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (refusal !== undefined) return;
    const command = { type: "proposal.vote", node, proposal: proposal.id, choice, reason } as const;
    const done = await app.perform(command, QUIET);
    if (!done) return;
    setReason("");
    setChosen("");
  };
  return (
    <form
      className="vote-form"
      aria-label={t("cast.title")}
      onSubmit={(event) => void submit(event)}
    >
      <Field label={t("cast.node")}>
        {(field) => (
          <Select
            {...field}
            value={node}
            options={nodes.map((id) => ({
              value: id,
              label: proposal.votes.has(id) ? t("cast.voted", { node: id }) : id,
            }))}
            onChange={setChosen}
          />
        )}
      </Field>
      <Segmented
        label={t("cast.choice")}
        value={choice}
        onChange={setChoice}
        options={voteChoiceSchema.options.map((each) => ({
          value: each,
          label: t(`choice.${each}`),
          icon: ICONS[each],
        }))}
      />
      <div className="grow">
        <Field label={t("cast.reason")}>
          {(field) => (
            <TextInput
              {...field}
              maxLength={MAX_REASON}
              placeholder={t("cast.placeholder")}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
          )}
        </Field>
      </div>
      <Button type="submit" variant="primary" disabledReason={refusal}>
        {t("cast.go")}
      </Button>
    </form>
  );
}

/** Why this node's vote would be refused, as far as the view tells. */
function useObjection(proposal: DecisionProps["proposal"], id: string): string | undefined {
  const { t } = useTranslation("decisions");
  const node = useNode(id);
  if (proposal.outcome !== undefined) return t("cast.closed");
  if (proposal.votes.has(id)) return t("cast.once", { node: id });
  if (node === undefined) return t("cast.nobody");
  if (node.process !== "running") return t("cast.stopped", { node: id });
  if (node.mode === "read-only") return t("cast.readOnly", { node: id });
  return proposal.nodes.has(id) ? undefined : t("cast.unheard", { node: id });
}
