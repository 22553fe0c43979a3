import { FilePlay, LayoutTemplate, Network, PlugZap, Plus, Unplug } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshListing } from "#shared/contract/protocol.ts";
import { useApp } from "../../app/context.ts";
import { useCommandButton } from "../../app/hooks/use-commands.ts";
import { useConsole } from "../../app/hooks/use-stores.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { cx } from "../../ui/cx.ts";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatAt, formatCount } from "../../ui/format.ts";
import { StatusDot, type StatusKind } from "../../ui/status-dot.tsx";
import { cleanText } from "../../ui/text.ts";
import { closeMesh } from "./commands.ts";
import "./connections.css";
import { MESH_TEMPLATES, type MeshTemplate } from "./templates.ts";

export function ConnectionsPage(): ReactNode {
  const { t } = useTranslation("connections");
  const listings = useConsole((state) => state.listings);
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title grow">{t("title")}</h1>
        <CommandButton id="recording.open" icon={<FilePlay />} />
        <CommandButton id="mesh.attach" icon={<PlugZap />} />
        <CommandButton id="mesh.open" icon={<Plus />} primary />
      </header>
      <div className="page__body">
        {listings !== undefined && listings.length === 0 ? (
          <EmptyState
            icon={<Network />}
            title={t("empty.title")}
            text={t("empty.text")}
            action={<CommandButton id="mesh.open" icon={<Plus />} primary />}
          />
        ) : (
          <ul className="connections">
            {(listings ?? []).map((listing) => (
              <MeshCard key={listing.description.id} listing={listing} />
            ))}
          </ul>
        )}
        <Templates />
        <HostLine />
      </div>
    </div>
  );
}

interface CommandButtonProps {
  readonly id: string;
  readonly icon: ReactNode;
  readonly primary?: boolean;
}

function CommandButton({ id, icon, primary = false }: CommandButtonProps): ReactNode {
  // Whether it is offered depends on the session: redraw when that changes.
  useConsole((state) => state.link);
  useConsole((state) => state.role);
  const { label, disabledReason, onClick } = useCommandButton(id);
  return (
    <Button
      variant={primary ? "primary" : "default"}
      icon={icon}
      disabledReason={disabledReason}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

const STATUS: Readonly<Record<MeshListing["status"]["connection"]["state"], StatusKind>> = {
  connecting: "unknown",
  live: "healthy",
  reconnecting: "suspect",
  stopped: "failed",
};

function MeshCard({ listing }: { readonly listing: MeshListing }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("connections");
  const active = useConsole((state) => state.active);
  const { description, status } = listing;
  const { connection } = status;
  const isRecording = description.kind === "recording";
  const reason =
    "reason" in connection && !isRecording ? cleanText(connection.reason, 300) : undefined;
  const isActive = active === description.id;
  const show = () => {
    app.switchMesh(description.id);
    app.prefs.getState().change({ view: "topology" });
  };
  return (
    <li className={cx("mesh-card", isActive && "mesh-card--active")}>
      <StatusDot status={isRecording ? "off" : STATUS[connection.state]} size="lg" />
      <div className="grow">
        <p className="mesh-card__name">
          {cleanText(description.name, 80)}
          <Badge tone={description.sandbox ? "neutral" : "accent"}>
            {t(`kind.${description.kind}`)}
          </Badge>
          {isActive ? <Badge tone="info">{t("shown")}</Badge> : null}
        </p>
        <p className="muted">
          {t(`state.${isRecording ? "recording" : connection.state}`)}
          {description.address === undefined ? "" : ` · ${cleanText(description.address, 120)}`}
          {` · ${formatAt(status.at, description.clock)}`}
          {` · ${t("events", { count: status.seq, shown: formatCount(status.seq) })}`}
          {status.playing === false ? ` · ${t("paused")}` : ""}
        </p>
        {reason === undefined ? null : <p className="form-error">{reason}</p>}
      </div>
      <Button onClick={show}>{t("show")}</Button>
      <Button
        variant="quiet"
        icon={<Unplug />}
        onClick={() => {
          closeMesh(app, description.id).catch((error: unknown) =>
            app.toasts.getState().show({
              tone: "danger",
              text: t("notClosed"),
              detail: error instanceof Error ? cleanText(error.message, 300) : undefined,
              forMs: 8_000,
            }),
          );
        }}
      >
        {t("close")}
      </Button>
    </li>
  );
}

function Templates(): ReactNode {
  const { t } = useTranslation("connections");
  return (
    <section className="templates" aria-labelledby="templates">
      <h2 className="templates__title" id="templates">
        {t("template.title")}
      </h2>
      <ul className="templates__list">
        {MESH_TEMPLATES.map(({ id }) => (
          <TemplateCard key={id} id={id} />
        ))}
      </ul>
    </section>
  );
}

function TemplateCard({ id }: { readonly id: MeshTemplate["id"] }): ReactNode {
  const { t } = useTranslation("connections");
  // Whether it is offered depends on the session: redraw when that changes.
  useConsole((state) => state.link);
  useConsole((state) => state.role);
  const { disabledReason, onClick } = useCommandButton(`mesh.open.${id}`);
  return (
    <li className="template-card">
      <p className="template-card__name">{t(`template.${id}.name`)}</p>
      <p className="template-card__about">{t(`template.${id}.about`)}</p>
      <Button
        icon={<LayoutTemplate />}
        disabledReason={disabledReason}
        onClick={onClick}
        aria-label={t(`template.${id}.open`)}
      >
        {t("template.start")}
      </Button>
    </li>
  );
}

function HostLine(): ReactNode {
  const { t } = useTranslation("connections");
  const host = useConsole((state) => state.host);
  const role = useConsole((state) => state.role);
  if (host === undefined || role === undefined) return null;
  return (
    <p className="connections__host">
      {t("host", { host: cleanText(host, 80), role: t(`role.${role}`) })}
    </p>
  );
}
