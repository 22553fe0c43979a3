import { Check, CircleDashed } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../../ui/cx.ts";
import type { TallyView } from "../model/tally.ts";

const PARTS = ["yes", "no", "abstain", "void"] as const;

const percent = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
/** As the style sheet takes it. */
const length = (share: number): string => `${share * 100}%`;

/** All members as one bar: who said what, where the quorum is, and how much yes it takes. */
export function TallyBar({ tally }: { readonly tally: TallyView }): ReactNode {
  const { t } = useTranslation("decisions");
  const { of, needed, yesShare, threshold, cast } = tally;
  const width = (count: number): string => length(count / Math.max(1, of));
  const words = [...PARTS, "silent" as const]
    .filter((part) => part === "yes" || part === "no" || tally[part] > 0)
    .map((part) => t(`tally.${part}`, { count: tally[part] }));
  return (
    <div className="tally">
      <div className="tally__bar" role="img" aria-label={words.join(", ")}>
        {PARTS.map((part) =>
          tally[part] === 0 ? null : (
            <span
              key={part}
              className={`tally__part tally__part--${part}`}
              style={{ width: width(tally[part]) }}
            >
              {tally[part]}
            </span>
          ),
        )}
        <span className="tally__mark tally__mark--quorum" style={{ left: width(needed) }} />
      </div>
      <p className="tally__words">{words.join(" · ")}</p>
      <ul className="tally__rules">
        <Rule met={tally.hasQuorum}>{t("tally.quorum", { cast, needed, of })}</Rule>
        <Rule met={tally.hasThreshold}>
          {yesShare === undefined
            ? t("tally.noShare", { threshold: percent(threshold) })
            : t("tally.share", { share: percent(yesShare), threshold: percent(threshold) })}
          <span className="tally__share" aria-hidden>
            <span className="tally__fill" style={{ width: length(yesShare ?? 0) }} />
            <span className="tally__mark" style={{ left: length(threshold) }} />
          </span>
        </Rule>
      </ul>
    </div>
  );
}

interface RuleProps {
  readonly met: boolean;
  readonly children: ReactNode;
}

function Rule({ met, children }: RuleProps): ReactNode {
  const { t } = useTranslation("decisions");
  const Icon = met ? Check : CircleDashed;
  return (
    <li className={cx("rule", met && "rule--met")}>
      <Icon role="img" aria-label={t(met ? "tally.met" : "tally.notMet")} />
      {children}
    </li>
  );
}
