import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import type { RequestView } from "#shared/view/state-model.ts";
import { sameList, useMesh } from "../../../app/hooks/use-mesh.ts";
import { Badge, type Tone } from "../../../ui/badge.tsx";
import { formatDuration, orUnknown } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";

const MAX_LISTED = 12;

/** Newest first. */
const newest = (view: MeshView): readonly RequestView[] =>
  [...view.requests.values()].slice(-MAX_LISTED).reverse();

/** What was asked lately, and how it ended; an unknown outcome is never called a failure. */
export function RequestList(): ReactNode {
  const { t } = useTranslation("consensus");
  const requests = useMesh(newest, { pace: "slow", isEqual: sameList });
  if (requests.length === 0) return <p className="muted">{t("propose.noRequests")}</p>;
  return (
    <ul className="requests">
      {requests.map((request) => (
        <RequestItem key={request.id} request={request} />
      ))}
    </ul>
  );
}

function toneOf({ code }: RequestView): Tone {
  if (code === undefined) return "info";
  if (code === "ok") return "healthy";
  return code === "unknown" ? "suspect" : "degraded";
}

function RequestItem({ request }: { readonly request: RequestView }): ReactNode {
  const { t } = useTranslation("consensus");
  const { node, text, code, message, index, tookUs } = request;
  const words = t(`code.${code ?? "open"}`);
  const outcome = code === "unknown" ? t("word.unknown") : words;
  const details = [
    node,
    ...(index === undefined ? [] : [t("propose.index", { index })]),
    orUnknown(tookUs, formatDuration),
  ];
  return (
    <li className="request">
      <span className="request__text truncate">{cleanText(text, 120)}</span>
      <Badge tone={toneOf(request)} title={message === undefined ? words : cleanText(message, 200)}>
        {outcome}
      </Badge>
      <span className="request__note">{details.join(" · ")}</span>
    </li>
  );
}
