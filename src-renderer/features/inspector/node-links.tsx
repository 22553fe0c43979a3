import type { MeshView, NodeView } from "#shared/view/model.ts";
import { Link2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { useMeshStore, useMeshVersion } from "../../app/hooks/use-mesh.ts";
import { Badge } from "../../ui/badge.tsx";
import { IconButton } from "../../ui/button.tsx";
import { orUnknown } from "../../ui/format.ts";
import { Panel } from "../../ui/panel.tsx";
import { type Neighbour, neighboursOf } from "./model/neighbours.ts";
import { NodeButton } from "./parts/node-button.tsx";

const MAX_SHOWN = 16;

/** Neighbours in the overlay with the time to them and back. */
export function NodeLinks({ node }: { readonly node: NodeView }): ReactNode {
  const { t } = useTranslation("inspector");
  const view = useMeshStore()?.view;
  useMeshVersion();
  const neighbours = view === undefined ? [] : neighboursOf(view, node.id);
  return (
    <Panel flat title={t("links.title", { count: neighbours.length })}>
      {neighbours.length === 0 ? (
        <p className="insp-note">{t(reportsLinks(view) ? "links.none" : "links.unknown")}</p>
      ) : (
        <ul className="insp-list">
          {neighbours.slice(0, MAX_SHOWN).map((neighbour) => (
            <NeighbourRow key={neighbour.peer} neighbour={neighbour} />
          ))}
        </ul>
      )}
      {neighbours.length > MAX_SHOWN ? (
        <p className="insp-note">{t("andMore", { count: neighbours.length - MAX_SHOWN })}</p>
      ) : null}
    </Panel>
  );
}

/** An attached engine may have no overlay to speak of: then links are unknown, not missing. */
function reportsLinks(view: MeshView | undefined): boolean {
  return view?.mesh.source === "simulated" || (view?.links.size ?? 0) > 0;
}

function NeighbourRow({ neighbour }: { readonly neighbour: Neighbour }): ReactNode {
  const { t } = useTranslation("inspector");
  const { selection } = useApp();
  const { peer, link, mine, theirs } = neighbour;
  return (
    <li className="observer">
      <NodeButton id={peer} />
      {mine && theirs ? null : (
        <Badge tone="suspect">{t(mine ? "links.onlyMine" : "links.onlyTheirs")}</Badge>
      )}
      <span className="grow" />
      <span className="insp-note">{orUnknown(link.rttMs, rttText)}</span>
      <IconButton
        size="sm"
        label={t("links.select", { peer })}
        icon={<Link2 aria-hidden />}
        onClick={() => selection.getState().selectLink(link.key)}
      />
    </li>
  );
}

export function rttText(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
