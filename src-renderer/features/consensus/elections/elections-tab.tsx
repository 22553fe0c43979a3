import { Vote } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { consensusKind } from "#shared/view/select/leadership.ts";
import { useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatDuration } from "../../../ui/format.ts";
import { PickList } from "../pick-list.tsx";
import { Scroll } from "../scroll.tsx";
import { termWords } from "../words.ts";
import { ElectionDetail } from "./election-detail.tsx";
import { ElectionTimes } from "./election-times.tsx";
import { type ElectionRow, electionRows } from "./model.ts";

const ROW_HEIGHT = 40;

export function ElectionsTab(): ReactNode {
  const { t } = useTranslation("consensus");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  const [wanted, setWanted] = useState<string>();
  if (mesh === undefined) return null;
  const { view } = mesh;
  const rows = electionRows(view);
  const shown = rows.find((row) => row.key === wanted)?.key ?? rows.at(-1)?.key;
  const election = shown === undefined ? undefined : view.agreement.elections.get(shown);
  if (election === undefined) {
    return (
      <EmptyState icon={<Vote />} title={t("elections.none")} text={t("elections.noneText")} />
    );
  }
  const kind = consensusKind(view);
  return (
    <div className="split">
      <PickList
        label={t("elections.list")}
        resumeLabel={t("elections.resume")}
        keys={rows.map((row) => row.key)}
        rowHeight={ROW_HEIGHT}
        onPick={setWanted}
        renderRow={(index) => {
          const row = rows[index];
          if (row === undefined) return null;
          const term = termWords(t, kind, row.term);
          return <ElectionItem row={row} term={term} shown={row.key === shown} />;
        }}
      />
      <div className="detail">
        <Scroll className="detail__scroll" label={t("elections.detail")}>
          <ElectionDetail view={view} election={election} />
          <ElectionTimes view={view} />
        </Scroll>
      </div>
    </div>
  );
}

interface ElectionItemProps {
  readonly row: ElectionRow;
  readonly term: string;
  readonly shown: boolean;
}

function ElectionItem({ row, term, shown }: ElectionItemProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { key, kind, winner, open, withoutUs, tookUs } = row;
  const outcome = open ? t("elections.open") : (winner ?? t("elections.failed"));
  const time = withoutUs ?? tookUs;
  const name = t(`elections.kind.${kind}`);
  return (
    <button
      type="button"
      className={cx("pick", shown && "pick--shown")}
      data-pick={key}
      aria-current={shown || undefined}
      aria-label={`${name}, ${term}: ${outcome}`}
    >
      <span className="pick__text">
        <span className="truncate">{name}</span>
        <span className="pick__note">{term}</span>
      </span>
      <span className="pick__end">
        <span className={cx(!open && winner === undefined && "muted")}>{outcome}</span>
        <span className="pick__note">{time === undefined ? "…" : formatDuration(time)}</span>
      </span>
    </button>
  );
}
