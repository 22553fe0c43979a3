import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RequestView } from "#shared/view/state-model.ts";
import { sameList, useMesh } from "../../../app/hooks/use-mesh.ts";
import { Badge } from "../../../ui/badge.tsx";
import { formatDuration, orUnknown } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { answerOf, fateTone, memoryRequests } from "../model/fates.ts";

/** What became of each request, in words: what nobody knows is never called a failure. */
export function RequestFates(): ReactNode {
  const { t } = useTranslation("memory");
  const requests = useMesh(memoryRequests, { pace: "slow", isEqual: sameList });
  return (
    <section className="fates" aria-label={t("fate.title")}>
      <h2 className="memory__heading">{t("fate.title")}</h2>
      {requests.length === 0 ? <p className="muted">{t("fate.none")}</p> : null}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys. */}
      <ul className="fates__list" aria-label={t("fate.title")} tabIndex={0}>
        {requests.map((request) => (
          <Fate key={request.id} request={request} />
        ))}
      </ul>
    </section>
  );
}

function Fate({ request }: { readonly request: RequestView }): ReactNode {
  const { t } = useTranslation("memory");
  const { node, what, text, code, message, index, tookUs, stale } = request;
  const answer = what === "memory.read" ? answerOf(request) : undefined;
  const details = [
    t("fate.through", { node }),
    ...(tookUs === undefined ? [] : [t("fate.after", { time: orUnknown(tookUs, formatDuration) })]),
    ...(index === undefined ? [] : [t("fate.index", { index })]),
  ];
  return (
    <li className="fate">
      <span className="fate__what">{t(`fate.${what.replace("memory.", "")}`)}</span>
      <span className="grow fate__text">
        {cleanText(text, 120)}
        {answer === undefined ? null : (
          <strong>
            {" → "}
            {answer.map((value) => cleanText(value, 80)).join(" | ")}
          </strong>
        )}
      </span>
      {stale ? (
        <Badge tone="degraded" title={t("fate.staleHint")}>
          {t("fate.stale")}
        </Badge>
      ) : null}
      <Badge tone={fateTone(request)}>{t(`code.${code ?? "open"}`)}</Badge>
      <span className="fate__note">{details.join(" · ")}</span>
      {message === undefined ? null : <span className="fate__why">{cleanText(message, 200)}</span>}
    </li>
  );
}
