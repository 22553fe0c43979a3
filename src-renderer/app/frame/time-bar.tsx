import {
  GitFork,
  History,
  Pause,
  Play,
  SkipBack,
  SkipForward,
  StepForward,
  Undo2,
} from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Select } from "../../ui/field.tsx";
import { formatAt, type MeshClock } from "../../ui/format.ts";
import { Tooltip } from "../../ui/tooltip.tsx";
import { SPEEDS } from "../commands/time-commands.ts";
import { useApp } from "../context.ts";
import { useCommandButton } from "../hooks/use-commands.ts";
import { useDescription, useMesh, useMeshStatus, usePastAt } from "../hooks/use-mesh.ts";
import { useConsole } from "../hooks/use-stores.ts";
import { Scrubber } from "./scrubber.tsx";
import "./time-bar.css";

export function TimeBar(): ReactNode {
  const { t } = useTranslation("app");
  const hasMesh = useConsole((state) => state.mesh !== undefined);
  const description = useDescription();
  if (!hasMesh || description === undefined) return null;
  return (
    <section className="time-bar" aria-label={t("time.label")}>
      {description.clock === "virtual" ? <Transport /> : <History aria-hidden />}
      <Clock />
      <Scrubber />
      <PastOrSpeed />
    </section>
  );
}

function Transport(): ReactNode {
  const playing = useMeshStatus()?.playing === true;
  const { t } = useTranslation("app");
  return (
    <div className="time-bar__buttons">
      <TimeButton id="time.stepBack" icon={<SkipBack />} />
      <TimeButton
        id="time.toggle"
        icon={playing ? <Pause /> : <Play />}
        label={t(playing ? "time.pause" : "time.play")}
        main
      />
      <TimeButton id="time.stepEvent" icon={<StepForward />} />
      <TimeButton id="time.stepChange" icon={<SkipForward />} />
      <TimeButton id="mesh.fork" icon={<GitFork />} />
    </div>
  );
}

interface TimeButtonProps {
  readonly id: string;
  readonly icon: ReactNode;
  readonly label?: string;
  readonly main?: boolean;
}

function TimeButton({ id, icon, label, main = false }: TimeButtonProps): ReactNode {
  const { label: title, ...button } = useCommandButton(id);
  return (
    <IconButton
      {...button}
      label={label ?? title}
      icon={icon}
      className={main ? "time-bar__main" : undefined}
    />
  );
}

const lastEventAt = (view: MeshView): number => view.at;

function Clock(): ReactNode {
  const { t } = useTranslation("app");
  const clock = useDescription()?.clock ?? "virtual";
  return (
    <Tooltip text={t(clock === "virtual" ? "time.virtual" : "time.wall")}>
      <output className="time-bar__clock mono" aria-label={t("time.now")} aria-live="off">
        <ClockText clock={clock} />
      </output>
    </Tooltip>
  );
}

/** The time shown changes with every frame; only this text redraws. */
function ClockText({ clock }: { readonly clock: MeshClock }): ReactNode {
  const eventAt = useMesh(lastEventAt);
  // A quiet mesh moves on between its events.
  const statusAt = useMeshStatus()?.at ?? 0;
  const past = usePastAt();
  return formatAt(past ?? Math.max(eventAt, statusAt), clock);
}

function PastOrSpeed(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const past = usePastAt();
  const status = useMeshStatus();
  const isRecording = useDescription()?.kind === "recording";
  if (past !== undefined) {
    return (
      <Button size="sm" variant="primary" icon={<Undo2 />} onClick={() => app.run("time.now")}>
        {t("time.returnToNow")}
      </Button>
    );
  }
  if (status?.ratio === undefined)
    return <span className="badge badge--accent">{t(isRecording ? "time.end" : "time.live")}</span>;
  const { ratio, reachedRatio } = status;
  const lagging = reachedRatio !== undefined && reachedRatio < ratio * 0.9;
  const offered = SPEEDS.includes(ratio as (typeof SPEEDS)[number]) ? SPEEDS : [...SPEEDS, ratio];
  return (
    <div className="row">
      {lagging && status.playing === true ? (
        <span className="time-bar__lag">
          {t("time.reached", { ratio: reachedRatio.toFixed(1) })}
        </span>
      ) : null}
      <Select
        aria-label={t("time.speed")}
        value={String(ratio)}
        options={offered
          .toSorted((a, b) => a - b)
          .map((speed) => ({ value: String(speed), label: `${speed}×` }))}
        onChange={(value) =>
          void app.perform({ type: "time.speed", ratio: Number(value) }, { quiet: true })
        }
      />
    </div>
  );
}
