import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useMeshStore } from "../../../app/hooks/use-mesh.ts";
import { IconButton } from "../../../ui/button.tsx";
import { presentable } from "../model/presentable.ts";

type Loaded =
  | { readonly state: "loading" }
  | { readonly state: "text"; readonly text: string }
  | { readonly state: "gone" }
  | { readonly state: "failed" };

const COPIED_MS = 1_500;

/** What a message said, read by the codec of its receiver. */
export function Content({ serial }: { readonly serial: number }): ReactNode {
  const { t } = useTranslation("messages");
  const loaded = useContent(serial);
  return (
    <section className="chosen__part" aria-label={t("content.label")}>
      <div className="chosen__title">
        <h3>{t("content.label")}</h3>
        {loaded.state === "text" ? <CopyButton text={loaded.text} /> : null}
      </div>
      {loaded.state === "text" ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys.
        <pre className="chosen__content mono" tabIndex={0}>
          {loaded.text}
        </pre>
      ) : (
        <p className="chosen__note">{t(`content.${loaded.state}`)}</p>
      )}
    </section>
  );
}

function useContent(serial: number): Loaded {
  const { host } = useApp();
  const mesh = useMeshStore()?.id;
  const [loaded, setLoaded] = useState<Loaded & { readonly serial?: number }>({ state: "loading" });
  useEffect(() => {
    if (mesh === undefined) return undefined;
    let late = false;
    const read = async (): Promise<void> => {
      const next = await readContent(host, mesh, serial);
      if (!late) setLoaded({ ...next, serial });
    };
    void read();
    return () => {
      late = true;
    };
  }, [host, mesh, serial]);
  return loaded.serial === serial ? loaded : { state: "loading" };
}

async function readContent(
  host: ReturnType<typeof useApp>["host"],
  mesh: string,
  message: number,
): Promise<Loaded> {
  try {
    const { decoded } = await host.request("mesh.message", { mesh, message });
    return decoded === undefined
      ? { state: "gone" }
      : { state: "text", text: presentable(decoded) };
  } catch {
    return { state: "failed" };
  }
}

function CopyButton({ text }: { readonly text: string }): ReactNode {
  const { t } = useTranslation("messages");
  const { toasts } = useApp();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), COPIED_MS);
    } catch {
      toasts.getState().show({ tone: "warn", text: t("content.copyFailed"), forMs: 6_000 });
    }
  };
  return (
    <IconButton
      size="sm"
      label={t(copied ? "content.copied" : "content.copy")}
      icon={copied ? <Check aria-hidden /> : <Copy aria-hidden />}
      onClick={() => void copy()}
    />
  );
}
