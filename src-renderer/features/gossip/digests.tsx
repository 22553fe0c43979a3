import { type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { useApp } from "../../app/context.ts";
import { useMesh } from "../../app/hooks/use-mesh.ts";
import { Badge } from "../../ui/badge.tsx";
import { type DigestGroup, digestGroups } from "./spread.ts";

const sameGroups = (a: readonly DigestGroup[], b: readonly DigestGroup[]): boolean =>
  a.length === b.length &&
  a.every((group, at) => {
    const other = b[at];
    return group.digest === other?.digest && group.nodes.join() === other?.nodes.join();
  });

/** Which nodes hold the same state, and which do not yet. */
export function Digests(): ReactNode {
  const { t } = useTranslation("gossip");
  return (
    <div className="stack">
      <DigestRow part="members" label={t("digest.members")} />
      <DigestRow part="rumours" label={t("digest.rumours")} />
    </div>
  );
}

interface DigestRowProps {
  readonly part: "members" | "rumours";
  readonly label: string;
}

const MAX_SHOWN = 12;

function DigestRow({ part, label }: DigestRowProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("gossip");
  const select = useCallback((view: MeshView) => digestGroups(view.nodes.values(), part), [part]);
  const groups = useMesh(select, { pace: "slow", isEqual: sameGroups });
  const known = groups.filter((group) => group.digest !== undefined);
  const agree = groups.length === 1 && known.length === 1;
  return (
    <div>
      <p className="row">
        <strong className="grow">{label}</strong>
        {known.length === 0 ? (
          <Badge tone="unknown">{t("digest.unknown")}</Badge>
        ) : agree ? (
          <Badge tone="healthy">{t("digest.agree", { count: groups[0]?.nodes.length ?? 0 })}</Badge>
        ) : (
          <Badge tone="suspect">{t("digest.differ", { count: groups.length })}</Badge>
        )}
      </p>
      {agree || known.length === 0 ? null : (
        <ul className="digests">
          {groups.slice(0, MAX_SHOWN).map((group) => (
            <li key={group.digest ?? ""} className="digests__group">
              <code className="mono muted">{group.digest?.slice(0, 8) ?? "—"}</code>
              <button
                type="button"
                className="link truncate"
                onClick={() => app.selection.getState().selectNodes(group.nodes)}
              >
                {group.nodes.slice(0, MAX_SHOWN).join(", ")}
                {group.nodes.length > MAX_SHOWN ? ` +${group.nodes.length - MAX_SHOWN}` : ""}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
