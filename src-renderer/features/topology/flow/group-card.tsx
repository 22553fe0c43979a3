import { healthOf, HEALTH_ORDER } from "#shared/view/health.ts";
import type { Health, MeshView } from "#shared/view/model.ts";
import { Handle, type NodeProps, Position } from "@xyflow/react";
import { ChevronsUpDown } from "lucide-react";
import { memo, type ReactNode, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { sameList, useMesh } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { StatusDot } from "../../../ui/status-dot.tsx";
import { cleanText } from "../../../ui/text.ts";
import { toggleZone } from "../zones.ts";
import { useTopologyStore } from "../context.ts";
import type { GroupNode } from "./types.ts";

/** A collapsed zone: how many of its nodes are in which health; the worst gives its colour. */
export const GroupCard = memo(function GroupCard(props: NodeProps<GroupNode>): ReactNode {
  const { zone, members } = props.data;
  const { t } = useTranslation("topology");
  const store = useTopologyStore();
  const counts = useHealthCounts(members);
  const shown = HEALTH_ORDER.filter((_, index) => (counts[index] ?? 0) > 0);
  const worst: Health = shown[0] ?? "unknown";
  const name = zone === "" ? t("zone.none") : cleanText(zone, 48);
  return (
    <div className={cx("card", "card--group", `card--${worst}`, props.selected && "is-selected")}>
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
      <div className="card__head">
        <StatusDot status={worst} />
        <span className="card__name">{name}</span>
        <span className="card__members">{members.length}</span>
        <button
          type="button"
          className="card__open nodrag"
          aria-label={t("zone.expand", { zone: name })}
          onClick={() => toggleZone(store, zone)}
        >
          <ChevronsUpDown aria-hidden />
        </button>
      </div>
      <div className="card__more">
        <div className="card__note">{t("zone.members", { count: members.length })}</div>
        <div className="card__counts">
          {shown.map((health) => (
            <span className="card__count" key={health}>
              <StatusDot status={health} size="sm" label={t(`app:health.${health}`)} />
              {counts[HEALTH_ORDER.indexOf(health)]}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
});

/** In the order of `HEALTH_ORDER`. */
function useHealthCounts(members: readonly string[]): readonly number[] {
  const select = useMemo(
    () => (view: MeshView) => {
      const counts = HEALTH_ORDER.map(() => 0);
      for (const id of members) {
        const node = view.nodes.get(id);
        const index = HEALTH_ORDER.indexOf(node === undefined ? "unknown" : healthOf(node));
        counts[index] = (counts[index] ?? 0) + 1;
      }
      return counts;
    },
    [members],
  );
  return useMesh(select, { pace: "slow", isEqual: sameList });
}
