import { MessagesSquare } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { useDescription, useNodeIds } from "../../app/hooks/use-mesh.ts";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { MessagesBar } from "./bar/messages-bar.tsx";
import { Diagram } from "./canvas/diagram.tsx";
import { useMessages } from "./context.ts";
import { useCone } from "./data/use-cone.ts";
import { useFeed } from "./data/use-feed.ts";
import { useWindowRows } from "./data/use-selected-rows.ts";
import "./messages.css";
import { MessageTable } from "./table/message-table.tsx";

export function MessagesPage(): ReactNode {
  const { t } = useTranslation("messages");
  const traces = useDescription()?.traces;
  return (
    <div className="page">
      <h1 className="visually-hidden">{t("title")}</h1>
      {traces === true ? <Messages /> : <Unsupported />}
    </div>
  );
}

function Messages(): ReactNode {
  useFeed();
  useCone();
  const tab = useMessages((state) => state.tab);
  const ready = useMessages((state) => state.feed !== undefined);
  const nodes = useNodeIds().length;
  const found = useWindowRows();
  if (nodes === 0) return <NoNodes />;
  return (
    <>
      <MessagesBar found={found} />
      <div className="messages__body">
        {!ready ? null : tab === "table" ? (
          <MessageTable found={found} />
        ) : (
          <Diagram found={found} />
        )}
      </div>
    </>
  );
}

/** Some engines tell what became of their nodes, but nothing of what they said to each other. */
function Unsupported(): ReactNode {
  const { t } = useTranslation("messages");
  const app = useApp();
  const kind = useDescription()?.kind;
  const why = kind === "recording" ? "recording" : "engine";
  return (
    <EmptyState
      icon={<MessagesSquare />}
      title={t("unsupported.title")}
      text={t(`unsupported.${why}`)}
      action={<Button onClick={() => app.run("view.events")}>{t("unsupported.action")}</Button>}
    />
  );
}

function NoNodes(): ReactNode {
  const { t } = useTranslation("messages");
  const app = useApp();
  return (
    <EmptyState
      icon={<MessagesSquare />}
      title={t("noNodes.title")}
      text={t("noNodes.text")}
      action={<Button onClick={() => app.run("node.add")}>{t("noNodes.action")}</Button>}
    />
  );
}
