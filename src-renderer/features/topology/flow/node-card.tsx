import type { MeshView } from "#shared/view/model.ts";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { Lock, LogOut, RotateCcw, VenetianMask } from "lucide-react";
import { memo, type ReactNode, useCallback, useContext } from "react";
import { useTranslation } from "react-i18next";
import { RoleBadge } from "../../../app/hooks/consensus-role.tsx";
import { useMesh } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { formatCompact } from "../../../ui/format.ts";
import { StatusDot } from "../../../ui/status-dot.tsx";
import { cleanText } from "../../../ui/text.ts";
import { type CardFace, cardFace, loadOf, sameFace } from "../graph/card-face.ts";
import { DetailContext } from "./detail.ts";
import { SuspicionRing } from "./suspicion-ring.tsx";
import type { CardNode } from "./types.ts";

const BY_FACE = { isEqual: sameFace };

/** A node of the mesh. Health is a colour and an icon, mode a badge, selection an outline. */
export const NodeCard = memo(function NodeCard({ id, selected }: NodeProps<CardNode>): ReactNode {
  const detail = useContext(DetailContext);
  const select = useCallback((view: MeshView) => cardFace(view, id, detail), [id, detail]);
  const face = useMesh(select, BY_FACE);
  if (face === undefined) return <div className="card card--unknown" />;
  return (
    <div
      className={cx("card", `card--${face.health}`, selected && "is-selected")}
      data-process={face.process}
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
      <CardHead id={id} face={face} />
      {face.note === undefined ? null : (
        <div className="card__more">
          <CardNote face={face} />
          <CardLoad id={id} />
        </div>
      )}
    </div>
  );
});

interface HeadProps {
  readonly id: string;
  readonly face: CardFace;
}

function CardHead({ id, face }: HeadProps): ReactNode {
  const { t } = useTranslation("topology");
  const { health, suspicion } = face;
  return (
    <div className="card__head">
      <span className="card__health">
        <StatusDot status={health} label={t(`app:health.${health}`)} />
        {suspicion === undefined ? null : <SuspicionRing suspicion={suspicion} />}
      </span>
      <span className="card__name">{cleanText(id, 64)}</span>
      <CardRole face={face} />
      {face.readOnly && (
        <span className="card__badge card__badge--lock" role="img" aria-label={t("card.readOnly")}>
          <Lock aria-hidden />
        </span>
      )}
      {face.leaving && (
        <span className="card__badge" role="img" aria-label={t("card.leaving")}>
          <LogOut aria-hidden />
        </span>
      )}
      {face.incarnation > 1 && (
        <span className="card__incarnation" title={t("card.incarnation")}>
          <RotateCcw aria-hidden />
          {face.incarnation}
        </span>
      )}
    </div>
  );
}

/** Followers are the rule and carry no sign; who leads, stands or lies does. */
function CardRole({ face: { role, term, traitor } }: { readonly face: CardFace }): ReactNode {
  const { t } = useTranslation("topology");
  const quiet = role === undefined || role === "follower" || role === "backup" || role === "peer";
  return (
    <>
      {quiet ? null : (
        <span className="card__role">
          <RoleBadge role={role} compact />
          {term === undefined ? null : <span title={t("card.term", { term })}>{term}</span>}
        </span>
      )}
      {traitor && (
        <span
          className="card__badge card__badge--traitor"
          role="img"
          aria-label={t("card.traitor")}
        >
          <VenetianMask aria-hidden />
        </span>
      )}
    </>
  );
}

function CardNote({ face: { note, suspicion } }: { readonly face: CardFace }): ReactNode {
  const { t } = useTranslation("topology");
  if (note?.kind === "doubt" && suspicion !== undefined) {
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
  return (
    <div className="card__note">
      {note?.kind === "place" ? cleanText(note.place, 48) : null}
      {note?.kind === "links" ? t("card.links", { count: note.degree }) : null}
    </div>
  );
}

/** A thousand messages a second fill the bar; its scale is logarithmic. */
const FULL_RATE = 1_000;
const SLOW = { pace: "slow" } as const;

/** At the slow pace: a rate that changes faster than it can be read is not worth a frame. */
function CardLoad({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation("topology");
  const rate = useMesh(
    useCallback((view: MeshView) => loadOf(view.nodes.get(id)), [id]),
    SLOW,
  );
  const share = Math.min(1, Math.log10(1 + (rate ?? 0)) / Math.log10(1 + FULL_RATE));
  return (
    <div className="card__load" title={t("card.load")}>
      <span className="card__bar">
        <span className="card__fill" style={{ transform: `scaleX(${share})` }} />
      </span>
      <span className="card__rate">{rate === undefined ? "—" : `${formatCompact(rate)}/s`}</span>
    </div>
  );
}
