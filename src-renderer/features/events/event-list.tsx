import { Filter, History, ListTree } from "lucide-react";
import { memo, type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeshEvent } from "#shared/contract/events.ts";
import { useApp } from "../../app/context.ts";
import { followRow } from "../../app/hooks/follow-row.ts";
import { describeEvent, lookOf, nodesOf } from "../../app/hooks/event-words.ts";
import {
  useDescription,
  useMeshStore,
  useMeshVersion,
  useNodeIds,
  usePastAt,
} from "../../app/hooks/use-mesh.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { SearchInput, Select } from "../../ui/field.tsx";
import { formatAt, formatCount, type MeshClock } from "../../ui/format.ts";
import { VirtualList } from "../../ui/virtual-list.tsx";
import "./events.css";
import { EVENT_GROUPS, type EventFilter, type EventGroup, matchesFilter } from "./filter.ts";

const ROW_HEIGHT = 28;
const NO_FILTER: EventFilter = { group: "all", node: undefined, text: "" };

interface Words {
  readonly sentence: string;
  readonly nodes: readonly string[];
}

type Translate = Parameters<typeof describeEvent>[0];

/** Sentences are made once per event and language, not once per redraw. */
function makeWords(t: Translate): (event: MeshEvent) => Words {
  const known = new WeakMap<MeshEvent, Words>();
  return (event) => {
    const words = known.get(event) ?? { sentence: describeEvent(t, event), nodes: nodesOf(event) };
    known.set(event, words);
    return words;
  };
}

export function EventList(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("events");
  const mesh = useMeshStore();
  const clock = useDescription()?.clock ?? "virtual";
  const labels = useMemo(() => ({ jump: t("jump") }), [t]);
  useMeshVersion("slow");
  const words = useMemo(() => makeWords(t), [t]);
  const [filter, setFilter] = useState(NO_FILTER);
  const [following, setFollowing] = useState(true);
  // The list is changed in place: it is filtered anew with every slow tick.
  const entries = mesh?.view.timeline.entries ?? [];
  const shown = entries.filter((event) => matchesFilter(event, filter, () => words(event)));
  const total = entries.length;

  return (
    <div className="page">
      <FilterBar filter={filter} onChange={setFilter} shown={shown.length} total={total} />
      {shown.length === 0 ? (
        <NoEvents total={total} onClear={() => setFilter(NO_FILTER)} />
      ) : (
        <VirtualList
          label={t("label")}
          count={shown.length}
          rowHeight={ROW_HEIGHT}
          keyOf={(index) => shown[index]?.seq ?? index}
          following={following}
          onFollow={setFollowing}
          resumeLabel={t("resume")}
          onClick={(event) => followRow(app, event)}
          renderRow={(index) => {
            const event = shown[index];
            return event === undefined ? null : (
              <EventRow event={event} words={words(event)} clock={clock} labels={labels} />
            );
          }}
        />
      )}
    </div>
  );
}

interface FilterBarProps {
  readonly filter: EventFilter;
  readonly onChange: (filter: EventFilter) => void;
  readonly shown: number;
  readonly total: number;
}

function FilterBar({ filter, onChange, shown, total }: FilterBarProps): ReactNode {
  const { t } = useTranslation("events");
  const nodes = useNodeIds();
  return (
    <div className="toolbar">
      <div className="events__search">
        <SearchInput
          label={t("search")}
          value={filter.text}
          onChange={(text) => onChange({ ...filter, text })}
        />
      </div>
      <Select<EventGroup>
        aria-label={t("allTypes")}
        value={filter.group}
        options={EVENT_GROUPS.map((group) => ({ value: group, label: t(`group.${group}`) }))}
        onChange={(group) => onChange({ ...filter, group })}
      />
      <Select
        aria-label={t("allNodes")}
        value={filter.node ?? ""}
        options={[
          { value: "", label: t("allNodes") },
          ...nodes.map((id) => ({ value: id, label: id })),
        ]}
        onChange={(node) => onChange({ ...filter, node: node === "" ? undefined : node })}
      />
      <span className="toolbar__spacer" />
      <span className="muted">
        {t("count", { shown: formatCount(shown), total: formatCount(total) })}
      </span>
    </div>
  );
}

interface EventRowProps {
  readonly event: MeshEvent;
  readonly words: Words;
  readonly clock: MeshClock;
  readonly labels: RowLabels;
}

interface RowLabels {
  readonly jump: string;
}

/** There are many and they come fast: no hooks, no tooltips, and none is drawn twice. */
const EventRow = memo(function EventRow({ event, words, clock, labels }: EventRowProps): ReactNode {
  const { icon: Icon, tone } = lookOf(event);
  const [main] = words.nodes;
  return (
    <div className="event-row" data-at={event.at}>
      <time className="event-row__time mono">{formatAt(event.at, clock)}</time>
      <span className={`event-row__icon badge--${tone}`}>
        <Icon aria-hidden />
      </span>
      {main === undefined ? (
        <span className="event-row__node" />
      ) : (
        <button type="button" className="event-row__node" data-node={main}>
          {main}
        </button>
      )}
      <span className="event-row__text truncate" title={words.sentence}>
        {words.sentence}
      </span>
      <button
        type="button"
        className="icon-btn icon-btn--sm event-row__jump"
        aria-label={labels.jump}
        title={labels.jump}
        data-jump={event.at}
      >
        <History aria-hidden />
      </button>
    </div>
  );
});

interface NoEventsProps {
  readonly total: number;
  readonly onClear: () => void;
}

function NoEvents({ total, onClear }: NoEventsProps): ReactNode {
  const { t } = useTranslation("events");
  const past = usePastAt();
  if (total > 0) {
    return (
      <EmptyState
        icon={<Filter />}
        title={t("empty.filtered.title")}
        text={t("empty.filtered.text", { total: formatCount(total) })}
        action={<Button onClick={onClear}>{t("clear")}</Button>}
      />
    );
  }
  const which = past === undefined ? "none" : "past";
  return (
    <EmptyState
      icon={<ListTree />}
      title={t(`empty.${which}.title`)}
      text={t(`empty.${which}.text`)}
    />
  );
}
