import type { MeshListing } from "#shared/contract/protocol.ts";
import { ChevronsUpDown, Plus } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { activeListing } from "../../state/console.ts";
import { Badge } from "../../ui/badge.tsx";
import { Menu, type MenuGroup } from "../../ui/menu.tsx";
import { StatusDot, type StatusKind } from "../../ui/status-dot.tsx";
import { cleanText } from "../../ui/text.ts";
import { useApp } from "../context.ts";
import { menuAction } from "../hooks/use-commands.ts";
import { useConsole } from "../hooks/use-stores.ts";

function connectionStatus({ description, status }: MeshListing): StatusKind {
  if (description.kind === "recording") return "off";
  switch (status.connection.state) {
    case "live":
      return "healthy";
    case "connecting":
      return "unknown";
    case "reconnecting":
      return "suspect";
    case "stopped":
      return "failed";
  }
}

export function MeshSwitcher(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const listings = useConsole((state) => state.listings) ?? [];
  const active = useConsole(activeListing);
  const meshes: MenuGroup = {
    id: "meshes",
    title: t("switcher.meshes"),
    items: listings.map((listing) => ({
      id: listing.description.id,
      label: cleanText(listing.description.name, 60),
      icon: <StatusDot status={connectionStatus(listing)} size="sm" />,
      checked: listing === active,
      onSelect: () => app.switchMesh(listing.description.id),
    })),
  };
  const openers: MenuGroup = {
    id: "open",
    items: ["mesh.open", "mesh.attach", "recording.open"]
      .map((id) => app.commands.get(id))
      .flatMap((command) => (command === undefined ? [] : (menuAction(app, command) ?? []))),
  };
  const trigger =
    active === undefined ? (
      <button type="button" className="mesh-switcher">
        <Plus aria-hidden />
        <span className="mesh-switcher__name">{t("switcher.none")}</span>
      </button>
    ) : (
      <ActiveMesh listing={active} />
    );
  return (
    <div>
      <Menu trigger={trigger} groups={[meshes, openers]} />
    </div>
  );
}

interface ActiveMeshProps extends React.ComponentProps<"button"> {
  readonly listing: MeshListing;
}

/** Passes on what the menu gives its trigger. */
function ActiveMesh({ listing, ...trigger }: ActiveMeshProps): ReactNode {
  const { t } = useTranslation("app");
  const { name, kind, sandbox } = listing.description;
  return (
    <button type="button" {...trigger} className="mesh-switcher">
      <StatusDot
        status={connectionStatus(listing)}
        label={t(`connection.${listing.status.connection.state}`)}
      />
      <span className="mesh-switcher__name truncate">{cleanText(name, 60)}</span>
      <Badge tone={sandbox ? "neutral" : "accent"}>{t(`kind.${kind}`)}</Badge>
      <ChevronsUpDown aria-hidden />
    </button>
  );
}
