import { Switch } from "radix-ui";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";
import "./toggle.css";

export interface ToggleProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly labelHidden?: boolean;
}

export function Toggle({ label, checked, onChange, labelHidden = false }: ToggleProps): ReactNode {
  return (
    <label className="toggle">
      <Switch.Root className="toggle__track" checked={checked} onCheckedChange={onChange}>
        <Switch.Thumb className="toggle__thumb" />
      </Switch.Root>
      <span className={cx(labelHidden && "visually-hidden")}>{label}</span>
    </label>
  );
}

export interface SegmentOption<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly icon?: ReactNode;
}

export interface SegmentedProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly SegmentOption<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
}

/** One of a few, all in sight: a radio group that looks like one control. */
export function Segmented<T extends string>(props: SegmentedProps<T>): ReactNode {
  const { label, value, options, onChange, disabled = false } = props;
  return (
    <fieldset className="segmented" disabled={disabled} aria-label={label}>
      {options.map((option) => (
        <label className="segmented__item" key={option.value}>
          <input
            className="visually-hidden"
            type="radio"
            name={`segmented-${label}`}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.icon}
          <span>{option.label}</span>
        </label>
      ))}
    </fieldset>
  );
}
