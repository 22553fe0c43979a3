import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { voteChoiceSchema } from "#shared/contract/state-events.ts";
import type { MeshView } from "#shared/view/model.ts";
import type { RequestView } from "#shared/view/state-model.ts";
import { sameList, useMesh } from "../../../app/hooks/use-mesh.ts";
import { Badge, type Tone } from "../../../ui/badge.tsx";
import { cleanText } from "../../../ui/text.ts";

const MAX_LISTED = 12;

/** Newest first. */
const newest = (view: MeshView): readonly RequestView[] =>
  [...view.requests.values()]
    .filter(({ what }) => what.startsWith("proposal."))
    .slice(-MAX_LISTED)
    .reverse();

/** What became of calls and votes; a refusal says why. */
export function RequestList(): ReactNode {
  const { t } = useTranslation("decisions");
  const requests = useMesh(newest, { pace: "slow", isEqual: sameList });
  if (requests.length === 0) return <p className="muted">{t("request.none")}</p>;
  return (
    <ul className="decision-requests">
      {requests.map((request) => (
        <Item key={request.id} request={request} />
      ))}
    </ul>
  );
}

function toneOf({ code }: RequestView): Tone {
  if (code === undefined) return "info";
  if (code === "ok") return "healthy";
  return code === "unknown" ? "suspect" : "degraded";
}

function Item({ request }: { readonly request: RequestView }): ReactNode {
  const { t } = useTranslation("decisions");
  const { node, what, text, code, message } = request;
  const choice = voteChoiceSchema.safeParse(text.split(" ")[0]).data;
  const isVote = what === "proposal.vote" && choice !== undefined;
  return (
    <li className="decision-request">
      <span className="grow truncate">
        <span className="muted">
          {t(what === "proposal.call" ? "request.call" : "request.vote", { node })}
        </span>{" "}
        {isVote ? t(`choice.${choice}`) : cleanText(text, 80)}
      </span>
      <Badge tone={toneOf(request)}>{t(`code.${code ?? "open"}`)}</Badge>
      {message === undefined ? null : (
        <span className="decision-request__why">{cleanText(message, 200)}</span>
      )}
    </li>
  );
}
