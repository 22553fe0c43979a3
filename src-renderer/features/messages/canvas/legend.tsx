import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { SIGNS_BY_WEIGHT, type Sign } from "../model/marks.ts";
import { SIGN_SHAPES } from "../model/signs.ts";

/** Which line means what became of a message, and which sign what happened to a node. */
export function Legend(): ReactNode {
  const { t } = useTranslation("messages");
  return (
    <section className="message-legend" aria-label={t("legend")}>
      <ul className="message-legend__list">
        <li>
          <svg viewBox="0 0 30 12" aria-hidden>
            <path className="message-legend__line" d="M1,6H24" />
            <path className="message-legend__head" d="M29,6L22,3V9Z" />
          </svg>
          {t("outcome.delivered")}
        </li>
        <li>
          <svg viewBox="0 0 30 12" aria-hidden>
            <path className="message-legend__line message-legend__line--dashed" d="M1,6H22" />
            <circle className="message-legend__line" cx="25" cy="6" r="3" />
          </svg>
          {t("outcome.in-flight")}
        </li>
        <li>
          <svg viewBox="0 0 30 12" aria-hidden>
            <path className="message-legend__line message-legend__line--dotted" d="M1,6H18" />
            <path className="message-legend__fate" d="M14,2L22,10M14,10L22,2" />
          </svg>
          {t("outcome.lost")}
        </li>
        <li>
          <svg viewBox="0 0 30 12" aria-hidden>
            <path className="message-legend__line message-legend__line--dotted" d="M1,6H15" />
            <path className="message-legend__fate" d="M16,0V12" />
          </svg>
          {t("outcome.cut")}
        </li>
        <li>
          <svg viewBox="0 0 30 12" aria-hidden>
            <path className="message-legend__line message-legend__line--dotted" d="M1,6H20" />
            <path className="message-legend__fate" d="M21,3L27,9M21,9L27,3" />
            <circle className="message-legend__fate" cx="24" cy="6" r="5" />
          </svg>
          {t("outcome.dead-receiver")}
        </li>
      </ul>
      <ul className="message-legend__list">
        {SIGNS_BY_WEIGHT.map((sign) => (
          <li key={sign}>
            <SignIcon sign={sign} />
            {t(`sign.${sign}`)}
          </li>
        ))}
      </ul>
    </section>
  );
}

function SignIcon({ sign }: { readonly sign: Sign }): ReactNode {
  const shape = SIGN_SHAPES[sign];
  return (
    <svg className={`sign sign--${sign}`} viewBox="-8 -8 16 16" aria-hidden>
      {shape === "disc" ? (
        <circle r="3" />
      ) : (
        <polygon points={shape.map((corner) => corner.join(",")).join(" ")} />
      )}
    </svg>
  );
}
