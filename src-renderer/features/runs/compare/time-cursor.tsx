import { GitFork, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../../ui/button.tsx";
import { formatAt } from "../../../ui/format.ts";
import { type Chosen, commonPast, type Span } from "./pick.ts";

/** Steps of the slider: fine enough for a wide screen, coarse enough for arrow keys. */
const STEPS = 1_000;

interface TimeCursorProps {
  readonly chosen: Chosen;
  readonly span: Span;
  readonly at: number;
  /** At the newest moment, and staying there. */
  readonly following: boolean;
  readonly onMove: (at: number | undefined) => void;
}

/** One moment for both meshes. */
export function TimeCursor(props: TimeCursorProps): ReactNode {
  const { chosen, span, at, following, onMove } = props;
  const { t } = useTranslation("runs");
  const { clock } = chosen.a.description;
  const past = commonPast(chosen);
  const width = Math.max(1, span.to - span.from);
  return (
    <div className="cursor">
      <output className="mono" aria-label={t("cursor.now")} aria-live="off">
        {formatAt(at, clock)}
      </output>
      <input
        className="cursor__range"
        type="range"
        min={0}
        max={STEPS}
        value={following ? STEPS : Math.round(((at - span.from) / width) * STEPS)}
        aria-label={t("cursor.label")}
        aria-valuetext={formatAt(at, clock)}
        onChange={(event) => {
          const step = event.currentTarget.valueAsNumber;
          onMove(step >= STEPS ? undefined : Math.round(span.from + (width * step) / STEPS));
        }}
      />
      {/* What was done at the instant of the fork is no common past any more. */}
      {past === undefined ? null : (
        <Button size="sm" icon={<GitFork aria-hidden />} onClick={() => onMove(past.at - 1)}>
          {t("cursor.fork")}
        </Button>
      )}
      <Button
        size="sm"
        icon={<Undo2 aria-hidden />}
        disabledReason={following ? t("cursor.following") : undefined}
        onClick={() => onMove(undefined)}
      >
        {t("cursor.newest")}
      </Button>
    </div>
  );
}
