import type { LinkView } from "#shared/view/model.ts";
import type { EdgeProps } from "@xyflow/react";
import { createContext, memo, type ReactNode, useContext } from "react";
import { useLink } from "../../../app/hooks/use-mesh.ts";
import { useSelection } from "../../../app/hooks/use-stores.ts";
import { cx } from "../../../ui/cx.ts";
import { useTopology } from "../context.ts";
import { curveOf, pointOn } from "../graph/bend.ts";
import type { Point } from "../graph/geometry.ts";
import { isHop } from "../graph/route.ts";
import { type FaultIndex, indexFaults, type LinkCondition } from "../graph/link-faults.ts";
import type { LinkEdge as LinkEdgeType } from "./types.ts";

export const FaultsContext = createContext<FaultIndex>(indexFaults([]));

/** A link, or all links between two things that are drawn. */
export const LinkEdge = memo(function LinkEdge(props: EdgeProps<LinkEdgeType>): ReactNode {
  const { source, target, sourceX, sourceY, targetX, targetY, data } = props;
  const [key = ""] = data?.links ?? [];
  const count = data?.links.length ?? 1;
  const link = useLink(key);
  const faults = useContext(FaultsContext);
  const selected = useSelection((state) => state.link === key && count === 1);
  const onRoute = useSelection((state) => isHop(state.route, source, target));
  const labels = useTopology((state) => state.labels);
  const { condition } = faults.of(link?.a ?? source, link?.b ?? target);
  const from = { x: sourceX, y: sourceY };
  const to = { x: targetX, y: targetY };
  const curve = curveOf(from, to, data?.bend ?? 0);
  const path = `M${from.x},${from.y}Q${curve.control.x},${curve.control.y} ${to.x},${to.y}`;
  const middle = pointOn(curve, 0.5);
  const half = link !== undefined && link.aUp !== link.bUp;
  return (
    <g
      className={cx(
        "link",
        `link--${condition}`,
        half && "link--half",
        count > 1 && "link--many",
        selected && "is-selected",
        onRoute && "link--route",
        data?.faded === true && "is-faded",
        labels && "link--labelled",
      )}
    >
      <path className="link__hit" d={path} />
      <path className="link__line" d={path} />
      <ConditionMark condition={condition} at={middle} />
      <LinkLabel link={link} count={count} at={middle} marked={condition !== "clear"} />
    </g>
  );
});

interface MarkProps {
  readonly condition: LinkCondition;
  readonly at: Point;
}

/** A cross for a cut, a wave for bad conditions: shape first, colour second. */
function ConditionMark({ condition, at }: MarkProps): ReactNode {
  if (condition === "clear") return null;
  return (
    <g className="link__mark" transform={`translate(${at.x} ${at.y})`}>
      <circle r="9" />
      {condition === "degraded" ? (
        <path d="M-5,1Q-2.5,-4 0,0T5,-1" />
      ) : (
        <path d={condition === "cut" ? "M-4,-4L4,4M-4,4L4,-4" : "M-4,4L4,-4"} />
      )}
    </g>
  );
}

interface LabelProps {
  readonly link: LinkView | undefined;
  readonly count: number;
  readonly at: Point;
  readonly marked: boolean;
}

function LinkLabel({ link, count, at, marked }: LabelProps): ReactNode {
  const text = count > 1 ? `×${count}` : rttText(link);
  if (text === undefined) return null;
  return (
    <text className="link__label" x={at.x} y={at.y + (marked ? 20 : 4)}>
      {text}
    </text>
  );
}

function rttText(link: LinkView | undefined): string | undefined {
  if (link?.rttMs === undefined) return undefined;
  return `${link.rttMs < 10 ? link.rttMs.toFixed(1) : Math.round(link.rttMs)} ms`;
}
