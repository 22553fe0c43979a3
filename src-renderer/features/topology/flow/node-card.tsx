import { healthOf } from "#shared/view/health.ts";
import type { Health, MeshView, NodeView } from "#shared/view/model.ts";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { Lock, LogOut, RotateCcw } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMesh, useNode } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { formatCompact } from "../../../ui/format.ts";
import { StatusDot } from "../../../ui/status-dot.tsx";
import { cleanText } from "../../../ui/text.ts";
import { hasQuorum } from "#shared/view/select/quorum.ts";
import { suspicionOf } from "../graph/suspicion.ts";
import { SuspicionRing } from "./suspicion-ring.tsx";
import type { CardNode } from "./types.ts";

/** A node of the mesh. Health is a colour and an icon, mode a badge, selection an outline. */
export const NodeCard = memo(function NodeCard({ id, selected }: NodeProps<CardNode>): ReactNode {
  const node = useNode(id);
  if (node === undefined) return <div className="card card--unknown" />;
  const health = healthOf(node);
  return (
    <div
      className={cx("card", `card--${health}`, selected && "is-selected")}
      data-process={node.process}
    >
      <Handle
        type="target"
        position={Position.Top}
        className="card__handle"
        isConnectable={false}
      />
      <Handle
        type="source"
        position={Position.Top}
        className="card__handle"
        isConnectable={false}
      />
      <CardHead node={node} health={health} />
      <div className="card__more">
        <CardNote node={node} />
        <CardLoad node={node} />
      </div>
    </div>
  );
});

interface PartProps {
  readonly node: NodeView;
  readonly health: Health;
}

function CardHead({ node, health }: PartProps): ReactNode {
  const { t } = useTranslation("topology");
  const members = useMesh(memberCount);
  const suspicion = suspicionOf(node, members);
  return (
    <div className="card__head">
      <span className="card__health">
        <StatusDot status={health} label={t(`app:health.${health}`)} />
        {suspicion === undefined ? null : <SuspicionRing suspicion={suspicion} />}
      </span>
      <span className="card__name">{cleanText(node.id, 64)}</span>
      {node.mode === "read-only" && (
        <span className="card__badge card__badge--lock" role="img" aria-label={t("card.readOnly")}>
          <Lock aria-hidden />
        </span>
      )}
      {node.leaving && (
        <span className="card__badge" role="img" aria-label={t("card.leaving")}>
          <LogOut aria-hidden />
        </span>
      )}
      {(node.incarnation ?? 0) > 1 && (
        <span className="card__incarnation" title={t("card.incarnation")}>
          <RotateCcw aria-hidden />
          {node.incarnation}
        </span>
      )}
    </div>
  );
}

/** How many nodes a quorum is counted over; 0 in a mesh that knows no quorum. */
const memberCount = (view: MeshView): number => (hasQuorum(view) ? view.nodes.size : 0);

/** One line: who doubts the node while anybody does, else where it lives. */
function CardNote({ node }: { readonly node: NodeView }): ReactNode {
  const { t } = useTranslation("topology");
  const members = useMesh(memberCount);
  const suspicion = suspicionOf(node, members);
  if (suspicion !== undefined && node.leftBy === 0) {
    const { observers, of, quorum, confirmed } = suspicion;
    const key = confirmed ? "card.confirmed" : "card.suspected";
    return (
      <div
        className="card__note card__note--doubt"
        title={t("card.doubt", { observers, of, quorum })}
      >
        {t(key, { observers, quorum })}
      </div>
    );
  }
  const place = node.zone ?? node.address;
  return (
    <div className="card__note">
      {place === undefined ? t("card.links", { count: node.degree }) : cleanText(place, 48)}
    </div>
  );
}

/** A thousand messages a second fill the bar; its scale is logarithmic. */
const FULL_RATE = 1_000;

function CardLoad({ node }: { readonly node: NodeView }): ReactNode {
  const { t } = useTranslation("topology");
  const { receivedPerSecond, sentPerSecond } = node;
  const known = receivedPerSecond !== undefined || sentPerSecond !== undefined;
  const rate = (receivedPerSecond ?? 0) + (sentPerSecond ?? 0);
  const share = Math.min(1, Math.log10(1 + rate) / Math.log10(1 + FULL_RATE));
  return (
    <div className="card__load" title={t("card.load")}>
      <span className="card__bar">
        <span className="card__fill" style={{ transform: `scaleX(${known ? share : 0})` }} />
      </span>
      <span className="card__rate">{known ? `${formatCompact(rate)}/s` : "—"}</span>
    </div>
  );
}
