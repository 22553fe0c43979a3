import { Crosshair } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNodeIds } from "../../../app/hooks/use-mesh.ts";
import { useSelection } from "../../../app/hooks/use-stores.ts";
import { IconButton } from "../../../ui/button.tsx";
import { Field, TextInput } from "../../../ui/field.tsx";
import { parseNames } from "../model/names.ts";

export interface NodesFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error: string | undefined;
  readonly value: readonly string[];
  readonly onChange: (nodes: readonly string[]) => void;
}

/** Names as typed, or what is selected in the graph. Remount it to fill it in from outside. */
export function NodesField({ label, hint, error, value, onChange }: NodesFieldProps): ReactNode {
  const { t } = useTranslation("faults");
  const [text, setText] = useState(value.join(" "));
  const selected = useSelection((state) => state.nodes);
  const known = useNodeIds();
  const { unknown } = parseNames(text, known);
  const type = (next: string): void => {
    setText(next);
    onChange(parseNames(next, known).nodes);
  };
  const stranger = unknown[0] === undefined ? undefined : t("form.unknown", { name: unknown[0] });
  return (
    <Field label={label} hint={hint} error={stranger ?? error}>
      {(field) => (
        <span className="row">
          <TextInput
            {...field}
            placeholder={t("form.names")}
            value={text}
            onChange={(event) => type(event.currentTarget.value)}
          />
          <IconButton
            label={t("form.useSelection", { count: selected.size })}
            icon={<Crosshair aria-hidden />}
            disabledReason={selected.size === 0 ? t("off.node") : undefined}
            onClick={() => type([...selected].join(" "))}
          />
        </span>
      )}
    </Field>
  );
}
