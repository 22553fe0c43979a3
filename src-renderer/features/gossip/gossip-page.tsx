import { Fingerprint, Megaphone, SlidersHorizontal, Waves } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView, RumourView } from "#shared/view/model.ts";
import { convergenceOf } from "#shared/view/select/convergence.ts";
import { useApp } from "../../app/context.ts";
import { sameList, useMesh, useMeshStore, useMeshVersion } from "../../app/hooks/use-mesh.ts";
import { useSelection } from "../../app/hooks/use-stores.ts";
import { cx } from "../../ui/cx.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { Panel } from "../../ui/panel.tsx";
import { cleanText } from "../../ui/text.ts";
import { Digests } from "./digests.tsx";
import "./gossip.css";
import { GossipSettings } from "./gossip-settings.tsx";
import { PublishForm } from "./publish-form.tsx";
import { RumourDetail } from "./rumour-detail.tsx";

const MAX_LISTED = 100;

/** Newest first. */
const newestRumours = (view: MeshView): readonly RumourView[] =>
  [...view.rumours.values()].slice(-MAX_LISTED).reverse();

export function GossipPage(): ReactNode {
  const { t } = useTranslation("gossip");
  const rumours = useMesh(newestRumours, { pace: "slow", isEqual: sameList });
  const wanted = useSelection((state) => state.rumour);
  const shown = rumours.find((rumour) => rumour.id === wanted) ?? rumours[0];
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">{t("title")}</h1>
      </header>
      <div className="page__body gossip">
        <div className="gossip__side">
          <Panel title={t("publish.title")} icon={<Megaphone aria-hidden />}>
            <PublishForm />
          </Panel>
          <Panel title={t("settings.title")} icon={<SlidersHorizontal aria-hidden />}>
            <GossipSettings />
          </Panel>
          <Panel title={t("digest.title")} icon={<Fingerprint aria-hidden />}>
            <Digests />
          </Panel>
        </div>
        <div className="gossip__main">
          {shown === undefined ? (
            <EmptyState icon={<Waves />} title={t("empty.title")} text={t("empty.text")} />
          ) : (
            <>
              <RumourDetail rumour={shown} />
              <RumourList rumours={rumours} shown={shown.id} />
            </>
          )}
        </div>
      </div>
    </div>
  );
}

interface RumourListProps {
  readonly rumours: readonly RumourView[];
  readonly shown: string;
}

function RumourList({ rumours, shown }: RumourListProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("gossip");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  return (
    <Panel title={t("list.title", { count: rumours.length })} icon={<Waves aria-hidden />}>
      <ul className="spread-list">
        {rumours.map((rumour) => {
          const { reached, running } =
            mesh === undefined
              ? { reached: rumour.reached.size, running: 0 }
              : convergenceOf(mesh.view, rumour);
          return (
            <li key={rumour.id}>
              <button
                type="button"
                className={cx("spread-row", rumour.id === shown && "spread-row--shown")}
                aria-current={rumour.id === shown || undefined}
                onClick={() => app.selection.getState().selectRumour(rumour.id)}
              >
                <strong>{rumour.origin}</strong>
                <span className="spread-row__topic truncate">{cleanText(rumour.topic, 60)}</span>
                <span className="grow muted truncate">{cleanText(rumour.payload, 120)}</span>
                <progress
                  className="spread-row__bar"
                  max={Math.max(1, running)}
                  value={reached}
                  aria-label={t("list.reached", { reached, running })}
                />
                <span className="spread-row__count">
                  {reached} / {running}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}
