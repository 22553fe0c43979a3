import { SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useMeshStatus } from "../../../app/hooks/use-mesh.ts";
import { Button } from "../../../ui/button.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatCount } from "../../../ui/format.ts";
import { useMessages, useMessagesStore } from "../context.ts";
import type { WindowRows } from "../data/use-selected-rows.ts";
import { NO_FILTER } from "../model/filter.ts";

/** Time on the screen, in real seconds, that can be followed. */
const EASY_S = 4;
/** Gone faster than this, in real seconds, nothing is ever seen of it. */
const TOO_FAST_S = 0.5;

type Why = "filtered" | "gone" | "fast" | "still" | "none";

/** Why there is nothing to see, and one way out. */
export function NothingShown({ found }: { readonly found: WindowRows }): ReactNode {
  const { t } = useTranslation("messages");
  const app = useApp();
  const store = useMessagesStore();
  const ratio = useMeshStatus()?.ratio ?? 1;
  const why = useWhy(found, ratio);
  if (why === undefined) return null;
  const act = (): void => {
    const { change, controls } = store.getState();
    if (why === "filtered") change({ filter: NO_FILTER, onlySelected: false });
    else if (why === "fast") controls?.span(ratio * EASY_S * 1e6);
    else if (why === "still") app.run("time.toggle");
    else change({ following: true });
  };
  return (
    <div className="diagram__empty">
      <EmptyState
        icon={<SearchX />}
        title={t(`empty.${why}.title`)}
        text={t(`empty.${why}.text`, { total: formatCount(found.total) })}
        action={<Button onClick={act}>{t(`empty.${why}.action`)}</Button>}
      />
    </div>
  );
}

function useWhy(found: WindowRows, ratio: number): Why | undefined {
  const loading = useMessages((state) => state.feed?.loading === true && state.version >= 0);
  const following = useMessages((state) => state.following);
  const span = useMessages((state) => state.window.to - state.window.from);
  const playing = useMeshStatus()?.playing;
  if (found.rows.length > 0) return undefined;
  if (following && playing === true) {
    if (span < ratio * TOO_FAST_S * 1e6) return "fast";
    return found.total > 0 ? "filtered" : undefined;
  }
  if (loading) return undefined;
  if (found.total > 0) return "filtered";
  if (found.skipped > 0) return "gone";
  return following && playing === false ? "still" : "none";
}
