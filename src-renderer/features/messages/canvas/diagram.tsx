import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMeshStore, usePastAt } from "../../../app/hooks/use-mesh.ts";
import type { MeshStore } from "../../../state/mesh-store.ts";
import { formatCount } from "../../../ui/format.ts";
import { useMessages, useMessagesStore } from "../context.ts";
import type { WindowRows } from "../data/use-selected-rows.ts";
import type { DiagramController, Painted } from "./controller.ts";
import { Legend } from "./legend.tsx";
import { HoverTip } from "./hover-tip.tsx";
import { NothingShown } from "./nothing-shown.tsx";
import type { Hit } from "./picture.ts";
import { useChoose } from "./use-choose.ts";
import { useController } from "./use-controller.ts";
import { useScene } from "./use-scene.ts";

interface DiagramProps {
  readonly found: WindowRows;
}

export function Diagram({ found }: DiagramProps): ReactNode {
  const mesh = useMeshStore();
  return mesh === undefined ? null : <DiagramOf key={mesh.id} mesh={mesh} found={found} />;
}

function DiagramOf({ mesh, found }: DiagramProps & { readonly mesh: MeshStore }): ReactNode {
  const { t } = useTranslation("messages");
  const still = useRef<HTMLCanvasElement>(null);
  const over = useRef<HTMLCanvasElement>(null);
  const [hit, setHit] = useState<Hit>();
  const [painted, setPainted] = useState<Painted>();
  const controller = useController(mesh, { setHit, setPainted });
  const { scene, events } = useScene();
  useEffect(() => {
    if (still.current === null || over.current === null) return undefined;
    return controller.attach(still.current, over.current);
  }, [controller]);
  useEffect(() => {
    if (scene !== undefined) controller.show(scene);
  }, [controller, scene]);
  useFollowing(controller, mesh);
  const legend = useMessages((state) => state.legend);
  const choose = useChoose(events);
  useEffect(() => controller.listen(choose), [controller, choose]);
  return (
    <section
      className="diagram"
      aria-label={t("diagram.name")}
      data-messages={painted?.shown ?? 0}
      data-total={found.total}
      data-level={painted?.level}
    >
      <canvas ref={still} className="diagram__canvas" aria-hidden />
      <canvas
        ref={over}
        className="diagram__canvas diagram__canvas--over"
        // oxlint-disable-next-line jsx-a11y/no-interactive-element-to-noninteractive-role -- arrow keys move the drawing, and only this role lets them through
        role="application"
        aria-label={t("diagram.label", { messages: formatCount(painted?.shown ?? 0) })}
        tabIndex={0}
      />
      {hit === undefined ? null : <HoverTip hit={hit} events={events} />}
      <NothingShown found={found} />
      {legend ? <Legend /> : null}
    </section>
  );
}

/** Keeps up with the present, or stays at the moment of the past that is looked at. */
function useFollowing(controller: DiagramController, mesh: MeshStore): void {
  const store = useMessagesStore();
  const following = useMessages((state) => state.following);
  const past = usePastAt();
  useEffect(() => controller.follow(following), [controller, following]);
  useEffect(() => {
    const tick = () => controller.tick();
    tick();
    return mesh.subscribe(tick, "frame");
  }, [controller, mesh]);
  useEffect(() => {
    if (past !== undefined) {
      store.getState().change({ following: false });
      controller.showMoment(past);
    } else {
      store.getState().change({ following: true });
    }
  }, [controller, store, past]);
}
