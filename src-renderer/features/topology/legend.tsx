import type { Health } from "#shared/view/model.ts";
import { HEALTH_ORDER } from "#shared/view/health.ts";
import { Lock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { StatusDot } from "../../ui/status-dot.tsx";
import { TRAFFIC_FAMILIES } from "./canvas/palette.ts";
import { SuspicionRing } from "./flow/suspicion-ring.tsx";

const LINK_LOOKS = ["clear", "half", "degraded", "half-cut", "cut", "route"] as const;

/** What colours, shapes and lines mean. */
export function Legend({ traffic }: { readonly traffic: boolean }): ReactNode {
  const { t } = useTranslation("topology");
  return (
    <section className="legend" aria-label={t("legend.title")}>
      <ul className="legend__list">
        {HEALTH_ORDER.map((health: Health) => (
          <li key={health}>
            <StatusDot status={health} size="sm" />
            {t(`app:health.${health}`)}
          </li>
        ))}
        <li>
          <span className="legend__ring">
            <SuspicionRing
              suspicion={{ observers: 3, quorum: 5, of: 9, progress: 0.6, confirmed: false }}
            />
          </span>
          {t("legend.ring")}
        </li>
        <li>
          <Lock aria-hidden className="legend__icon" />
          {t("legend.readOnly")}
        </li>
      </ul>
      <ul className="legend__list">
        {LINK_LOOKS.map((look) => (
          <li key={look}>
            <svg className="legend__line" viewBox="0 0 26 8" aria-hidden>
              <g className={`link link--${look}`}>
                <path className="link__line" d="M1,4H25" />
              </g>
            </svg>
            {t(`legend.link.${look}`)}
          </li>
        ))}
        {traffic
          ? TRAFFIC_FAMILIES.map((family) => (
              <li key={family}>
                <span className={`legend__dot legend__dot--${family}`} />
                {t(`legend.traffic.${family}`)}
              </li>
            ))
          : null}
      </ul>
    </section>
  );
}
