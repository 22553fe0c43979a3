import { History, KeyRound, PencilLine } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { NamespaceView } from "#shared/view/state-model.ts";
import {
  type HoldingGroup,
  type KeyConvergence,
  keyConvergence,
} from "#shared/view/select/memory-convergence.ts";
import { useApp } from "../../../app/context.ts";
import { followRow } from "../../../app/hooks/follow-row.ts";
import { useDescription, useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { Badge } from "../../../ui/badge.tsx";
import { Button } from "../../../ui/button.tsx";
import { formatAt, formatDuration } from "../../../ui/format.ts";
import { Panel } from "../../../ui/panel.tsx";
import { cleanText } from "../../../ui/text.ts";
import { useMemory } from "../context.ts";
import { groupChanges } from "../model/history.ts";
import { runningNodes } from "../model/key-rows.ts";
import type { SpaceProps } from "./key-table.tsx";
import { useHistory } from "./use-history.ts";
import { Values } from "./values.tsx";

const MAX_VALUE = 400;

/** One key: who holds what since when, what is in conflict, and how it came to that. */
export function KeyDetail({ space }: SpaceProps): ReactNode {
  const { t } = useTranslation("memory");
  const key = useMemory((state) => state.key);
  if (key === undefined) {
    return (
      <Panel title={t("detail.title")} icon={<KeyRound aria-hidden />}>
        <p className="muted">{t("detail.pick")}</p>
      </Panel>
    );
  }
  return (
    <>
      <Panel title={t("detail.of", { key: cleanText(key, 60) })} icon={<KeyRound aria-hidden />}>
        <Holders space={space} name={key} />
      </Panel>
      <Panel title={t("detail.history")} icon={<History aria-hidden />}>
        <KeyHistory space={space} name={key} />
      </Panel>
    </>
  );
}

interface KeyProps extends SpaceProps {
  readonly name: string;
}

function Holders({ space, name }: KeyProps): ReactNode {
  const { t } = useTranslation("memory");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const { view } = mesh;
  const held = view.memory.namespaces.get(space.name) ?? space;
  const convergence = keyConvergence(held, name, runningNodes(view));
  const { groups, without, gone, siblings } = convergence;
  return (
    <div className="stack">
      <p className="detail-state">{stateWords(t, convergence)}</p>
      {siblings ? <p className="memory__note">{t("detail.siblings")}</p> : null}
      <ul className="holders">
        {groups.map((group) => (
          <Group
            key={`${group.version} ${group.nodes[0]}`}
            group={group}
            space={held}
            name={name}
          />
        ))}
        {without.length === 0 || gone ? null : (
          <li className="holder">
            <NodeNames nodes={without} />
            <span className="muted">{t("detail.nothing")}</span>
          </li>
        )}
      </ul>
    </div>
  );
}

type Translate = ReturnType<typeof useTranslation<"memory">>["t"];

function stateWords(t: Translate, { converged, gone, groups, without }: KeyConvergence): string {
  if (groups.length === 0) return t("detail.nobody");
  if (gone) return t("detail.gone");
  if (converged) return t("detail.same");
  return t("detail.differ", { count: groups.length + (without.length > 0 ? 1 : 0) });
}

interface GroupProps extends KeyProps {
  readonly group: HoldingGroup;
}

function Group({ group, space, name }: GroupProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("memory");
  const clock = useDescription()?.clock ?? "virtual";
  const now = useMeshStore()?.view.at ?? 0;
  const { nodes, values, version } = group;
  const [first = ""] = nodes;
  const holders = space.keys.get(name) as NonNullable<ReturnType<NamespaceView["keys"]["get"]>>;
  const holding = holders.get(first);
  const refusal = app.refusal("memory.write");
  const resolve = (value: string) =>
    app.perform({ type: "memory.write", node: first, namespace: space.name, key: name, value });
  return (
    <li className="holder">
      <NodeNames nodes={nodes} />
      {values.length > 1 ? (
        <ul className="siblings">
          {values.map((value) => (
            <li key={value} className="sibling">
              <span className="grow held__value">{cleanText(value, MAX_VALUE)}</span>
              <Button
                size="sm"
                icon={<PencilLine />}
                disabledReason={refusal}
                aria-label={t("detail.resolveWith", { value: cleanText(value, 60) })}
                onClick={() => void resolve(value)}
              >
                {t("detail.resolve")}
              </Button>
            </li>
          ))}
        </ul>
      ) : (
        <Values mode={space.mode} values={values} max={MAX_VALUE} />
      )}
      <span className="holder__note">
        {t("detail.version", { version: cleanText(version, 64) })}
        {holding === undefined
          ? null
          : ` · ${t(`cause.${holding.cause}`)} · ${t("detail.since", { at: formatAt(holding.at, clock) })}`}
        {holding?.expiresAt === undefined ? null : (
          <>
            {" · "}
            {t("detail.expires", { time: formatDuration(Math.max(0, holding.expiresAt - now)) })}
          </>
        )}
      </span>
    </li>
  );
}

const MAX_NAMED = 12;

function NodeNames({ nodes }: { readonly nodes: readonly string[] }): ReactNode {
  const app = useApp();
  return (
    <span className="holder__nodes">
      {nodes.slice(0, MAX_NAMED).map((node) => (
        <button
          key={node}
          type="button"
          className="holder__node"
          onClick={() => app.selection.getState().selectNode(node)}
        >
          {node}
        </button>
      ))}
      {nodes.length > MAX_NAMED ? <span>+{nodes.length - MAX_NAMED}</span> : null}
    </span>
  );
}

function KeyHistory({ space, name }: KeyProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("memory");
  const clock = useDescription()?.clock ?? "virtual";
  const seen = useMeshStore()?.view.seq ?? 0;
  const { changes, fromSeq, refused } = useHistory(space.name, name);
  useMeshVersion("slow");
  // In the past, what was not yet is not shown.
  const groups = groupChanges(changes.filter(({ seq }) => seq <= seen));
  return (
    <div className="stack">
      {refused === undefined ? null : <p className="muted">{refused}</p>}
      {groups.length === 0 ? <p className="muted">{t("detail.noHistory")}</p> : null}
      <ol className="changes">
        {groups.map(({ seq, at, values, cause, nodes }) => (
          <li key={seq} className="change">
            <button
              type="button"
              className="change__at"
              title={t("detail.jump")}
              data-jump={at}
              onClick={(event) => followRow(app, event)}
            >
              {formatAt(at, clock)}
            </button>
            <Badge tone={values.length > 1 ? "suspect" : "neutral"}>{t(`cause.${cause}`)}</Badge>
            <span className="change__value">
              <Values mode={space.mode} values={values} max={60} />
            </span>
            <span className="change__nodes">{nodes.join(" → ")}</span>
          </li>
        ))}
      </ol>
      {fromSeq > 1 ? <p className="memory__note">{t("detail.window")}</p> : null}
    </div>
  );
}
