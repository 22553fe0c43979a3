import { Copy, Download, Regex, WrapText } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { useDescription, useMeshStore, useNodeIds } from "../../app/hooks/use-mesh.ts";
import { usePrefs } from "../../app/hooks/use-stores.ts";
import { IconButton } from "../../ui/button.tsx";
import { downloadText } from "../../ui/download.ts";
import { SearchInput, Select } from "../../ui/field.tsx";
import { formatAt, formatCount } from "../../ui/format.ts";
import { Menu } from "../../ui/menu.tsx";
import { focusLogSearch } from "./commands.ts";
import { exportText, type Level, LEVELS, type LogFilter, type LogRow, rowsOf } from "./rows.ts";

interface LogToolbarProps {
  readonly filter: LogFilter;
  readonly onFilter: (filter: LogFilter) => void;
  /** What is wrong with the regular expression. */
  readonly error: string | undefined;
  readonly rows: readonly LogRow[];
  readonly total: number;
  readonly dropped: number;
}

export function LogToolbar(props: LogToolbarProps): ReactNode {
  const { filter, onFilter, error, rows, total, dropped } = props;
  const { t } = useTranslation("logs");
  const { prefs } = useApp();
  const nodes = useNodeIds();
  const wrap = usePrefs((state) => state.logWrap);
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => focusLogSearch.listen(() => search.current?.focus()), []);
  return (
    <div className="toolbar">
      <div className="logs__search">
        <SearchInput
          inputRef={search}
          label={t("search")}
          value={filter.text}
          invalid={error !== undefined}
          onChange={(text) => onFilter({ ...filter, text })}
        />
        <IconButton
          label={t("regex")}
          icon={<Regex />}
          pressed={filter.regex}
          onClick={() => onFilter({ ...filter, regex: !filter.regex })}
        />
      </div>
      <Select<Level>
        aria-label={t("level")}
        value={filter.level}
        options={LEVELS.map((level) => ({ value: level, label: t(`levels.${level}`) }))}
        onChange={(level) => onFilter({ ...filter, level })}
      />
      <Select
        aria-label={t("allNodes")}
        value={filter.node ?? ""}
        options={[
          { value: "", label: t("allNodes") },
          ...nodes.map((id) => ({ value: id, label: id })),
        ]}
        onChange={(node) => onFilter({ ...filter, node: node === "" ? undefined : node })}
      />
      <span className="toolbar__spacer" />
      <span className="muted" role="status">
        {error ??
          t("count", {
            shown: formatCount(rows.filter((row) => row.kind === "line").length),
            total: formatCount(total),
          })}
        {dropped > 0 ? ` · ${t("dropped", { count: dropped })}` : ""}
      </span>
      <IconButton
        label={t("wrap")}
        icon={<WrapText />}
        pressed={wrap}
        onClick={() => prefs.getState().change({ logWrap: !wrap })}
      />
      <Exports rows={rows} />
    </div>
  );
}

function Exports({ rows }: { readonly rows: readonly LogRow[] }): ReactNode {
  const { t } = useTranslation("logs");
  const app = useApp();
  const mesh = useMeshStore();
  const clock = useDescription()?.clock ?? "virtual";
  const asText = (some: readonly LogRow[]) =>
    exportText(
      some,
      (at) => formatAt(at, clock),
      (count) => t("gap", { count }),
    );
  const copy = async () => {
    const text = asText(rows);
    try {
      await navigator.clipboard.writeText(text);
      app.toasts.getState().show({ tone: "success", text: t("copied"), forMs: 3_000 });
    } catch {
      app.toasts.getState().show({ tone: "warn", text: t("notCopied"), forMs: 6_000 });
    }
  };
  const everything = (): readonly LogRow[] =>
    mesh === undefined
      ? rows
      : rowsOf(mesh.view.logs.lines, mesh.logGaps, () => true, Number.MAX_SAFE_INTEGER);
  const name = `${mesh?.id ?? "mesh"}-log.txt`;
  return (
    <>
      <IconButton label={t("copy")} icon={<Copy />} onClick={() => void copy()} />
      <Menu
        align="end"
        trigger={<IconButton label={t("export")} icon={<Download />} />}
        groups={[
          {
            id: "export",
            items: [
              {
                id: "visible",
                label: t("exportVisible"),
                onSelect: () => downloadText(name, asText(rows)),
              },
              {
                id: "all",
                label: t("exportAll"),
                onSelect: () => downloadText(name, asText(everything())),
              },
            ],
          },
        ]}
      />
    </>
  );
}
