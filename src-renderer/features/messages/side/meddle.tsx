import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { CircleSlash2, Copy, Timer } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useMeshStatus, usePastAt } from "../../../app/hooks/use-mesh.ts";
import { useConsole } from "../../../app/hooks/use-stores.ts";
import { Button } from "../../../ui/button.tsx";
import { useMessages } from "../context.ts";
import type { Message } from "../data/read-message.ts";

const DELAY_MS = 500;

/** Messages under way can be lost, held up or doubled by hand. */
export function Meddle({ message }: { readonly message: Message }): ReactNode {
  const { t } = useTranslation("messages");
  const app = useApp();
  const feed = useMessages((state) => state.feed);
  const playing = useMeshStatus()?.playing === true;
  // Whether it is possible follows these.
  usePastAt();
  useConsole((state) => state.locked);
  useConsole((state) => state.link);
  const gone = message.outcome === "in-flight" ? undefined : t("meddle.over");
  const over = (reason: string) => (playing ? `${reason} ${t("meddle.pause")}` : reason);
  const button = (command: MeshCommandInput, icon: ReactNode, label: string): ReactNode => (
    <Button
      size="sm"
      icon={icon}
      variant={command.type === "message.drop" ? "danger" : "default"}
      disabledReason={app.refusal(command.type) ?? gone}
      onClick={() => void app.perform(command).then(() => feed?.refresh())}
    >
      {label}
    </Button>
  );
  const { serial } = message;
  const hurry = playing ? t("meddle.hurry") : undefined;
  const hint = app.refusal("message.drop") ?? (gone === undefined ? hurry : over(gone));
  return (
    <div className="chosen__part">
      <div className="row row--wrap">
        {button(
          { type: "message.drop", message: serial },
          <CircleSlash2 aria-hidden />,
          t("meddle.drop"),
        )}
        {button(
          { type: "message.delay", message: serial, byMs: DELAY_MS },
          <Timer aria-hidden />,
          t("meddle.delay", { ms: DELAY_MS }),
        )}
        {button(
          { type: "message.duplicate", message: serial },
          <Copy aria-hidden />,
          t("meddle.duplicate"),
        )}
      </div>
      {hint === undefined ? null : <p className="chosen__note">{hint}</p>}
    </div>
  );
}
