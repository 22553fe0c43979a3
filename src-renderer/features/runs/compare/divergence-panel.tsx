import { Equal, GitCommitHorizontal, RotateCcw, SearchX, Split } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeshEvent } from "#shared/contract/events.ts";
import { describeEvent, lookOf } from "../../../app/hooks/event-words.ts";
import { Button } from "../../../ui/button.tsx";
import { formatAt, formatCount } from "../../../ui/format.ts";
import { Panel } from "../../../ui/panel.tsx";
import type { Divergence } from "./divergence.ts";
import type { Chosen } from "./pick.ts";
import { type Search, useDivergence } from "./use-divergence.ts";

interface DivergencePanelProps {
  readonly chosen: Chosen;
  readonly onJump: (at: number) => void;
}

/** Where the two runs part. */
export function DivergencePanel({ chosen, onJump }: DivergencePanelProps): ReactNode {
  const { t } = useTranslation("runs");
  const [round, setRound] = useState(0);
  const search = useDivergence(chosen, round);
  const again = (
    <Button
      size="sm"
      variant="quiet"
      icon={<RotateCcw aria-hidden />}
      disabledReason={search.state === "looking" ? t("diverge.looking") : undefined}
      onClick={() => setRound((before) => before + 1)}
    >
      {t("diverge.again")}
    </Button>
  );
  return (
    <Panel title={t("diverge.title")} icon={<GitCommitHorizontal aria-hidden />} actions={again}>
      <div aria-live="polite">
        <Answer search={search} chosen={chosen} onJump={onJump} />
      </div>
    </Panel>
  );
}

interface AnswerProps extends DivergencePanelProps {
  readonly search: Search;
}

function Answer({ search, chosen, onJump }: AnswerProps): ReactNode {
  const { t } = useTranslation("runs");
  switch (search.state) {
    case "looking":
      return <p className="muted">{t("diverge.looking")}</p>;
    case "gone":
      return (
        <p className="diverge__note">
          <SearchX aria-hidden />
          {t("diverge.gone")}
        </p>
      );
    case "failed":
      return (
        <p className="diverge__note">
          <SearchX aria-hidden />
          {search.problem}
        </p>
      );
    case "done":
      return <Found divergence={search.divergence} chosen={chosen} onJump={onJump} />;
  }
}

interface FoundProps extends DivergencePanelProps {
  readonly divergence: Divergence;
}

function Found({ divergence, chosen, onJump }: FoundProps): ReactNode {
  const { t } = useTranslation("runs");
  const { clock } = chosen.a.description;
  const count = divergence.looked;
  const looked = t("diverge.looked", { count, shown: formatCount(count) });
  if (divergence.kind === "same") {
    const { at, whole } = divergence;
    return (
      <>
        <p className="diverge__note">
          <Equal aria-hidden />
          {at === undefined
            ? t("diverge.nothing")
            : t(whole ? "diverge.same" : "diverge.sameSoFar", { at: formatAt(at, clock) })}
        </p>
        <p className="muted">{looked}</p>
      </>
    );
  }
  const { a, b } = divergence;
  const at = Math.min(a?.at ?? Number.POSITIVE_INFINITY, b?.at ?? Number.POSITIVE_INFINITY);
  return (
    <>
      <p className="diverge__note diverge__note--found">
        <Split aria-hidden />
        {t("diverge.found", { at: formatAt(at, clock) })}
      </p>
      <EventLine side="a" event={a} chosen={chosen} />
      <EventLine side="b" event={b} chosen={chosen} />
      <p className="muted">{looked}</p>
      <Button size="sm" className="diverge__jump" onClick={() => onJump(at)}>
        {t("diverge.jump")}
      </Button>
    </>
  );
}

interface EventLineProps {
  readonly side: "a" | "b";
  readonly event: MeshEvent | undefined;
  readonly chosen: Chosen;
}

function EventLine({ side, event, chosen }: EventLineProps): ReactNode {
  const { t } = useTranslation("runs");
  const words = useTranslation("events").t;
  const Icon = event === undefined ? undefined : lookOf(event).icon;
  return (
    <p className="diverge__event">
      <span className={`side side--${side}`} aria-hidden>
        {side.toUpperCase()}
      </span>
      <span className="grow">
        <span className="visually-hidden">{t(`compare.${side}`)}: </span>
        {Icon === undefined ? null : <Icon aria-hidden />}
        {event === undefined ? t("diverge.silent") : describeEvent(words, event)}
        {event === undefined ? null : (
          <span className="muted mono"> {formatAt(event.at, chosen[side].description.clock)}</span>
        )}
      </span>
    </p>
  );
}
