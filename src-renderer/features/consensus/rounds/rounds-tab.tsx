import { ListOrdered } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { consensusKind } from "#shared/view/select/leadership.ts";
import { roundProgress } from "#shared/view/select/round-progress.ts";
import { useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatDuration } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { PickList } from "../pick-list.tsx";
import { termWords } from "../words.ts";
import { type RoundRow, roundRows } from "./model.ts";
import { RoundDetail } from "./round-detail.tsx";

const ROW_HEIGHT = 40;

export function RoundsTab(): ReactNode {
  const { t } = useTranslation("consensus");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  const [wanted, setWanted] = useState<string>();
  if (mesh === undefined) return null;
  const rows = roundRows(mesh.view);
  const shown = rows.find((row) => row.key === wanted)?.key ?? rows.at(-1)?.key;
  const progress = shown === undefined ? undefined : roundProgress(mesh.view, shown);
  if (progress === undefined) {
    return (
      <EmptyState icon={<ListOrdered />} title={t("rounds.none")} text={t("rounds.noneText")} />
    );
  }
  const kind = consensusKind(mesh.view);
  return (
    <div className="split">
      <PickList
        label={t("rounds.list")}
        resumeLabel={t("rounds.resume")}
        keys={rows.map((row) => row.key)}
        rowHeight={ROW_HEIGHT}
        onPick={setWanted}
        renderRow={(index) => {
          const row = rows[index];
          if (row === undefined) return null;
          const term = termWords(t, kind, row.term);
          return <RoundItem row={row} term={term} shown={row.key === shown} />;
        }}
      />
      <RoundDetail progress={progress} />
    </div>
  );
}

interface RoundItemProps {
  readonly row: RoundRow;
  readonly term: string;
  readonly shown: boolean;
}

function RoundItem({ row, term, shown }: RoundItemProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { key, index, what, text, committedBy, voters, tookUs } = row;
  const words = text === undefined ? t(`what.${what ?? "unknown"}`) : cleanText(text, 60);
  return (
    <button
      type="button"
      className={cx("pick", shown && "pick--shown")}
      data-pick={key}
      aria-current={shown || undefined}
    >
      <strong className="pick__name">{index}</strong>
      <span className="pick__text">
        <span className="truncate">{words}</span>
        <span className="pick__note">{term}</span>
      </span>
      <span className="pick__end">
        <span>{tookUs === undefined ? "…" : formatDuration(tookUs)}</span>
        <span
          className="pick__note"
          title={t("rounds.members", { count: committedBy, of: voters })}
        >
          {committedBy} / {voters}
        </span>
      </span>
    </button>
  );
}
