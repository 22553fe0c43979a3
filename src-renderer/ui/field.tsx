import type { ComponentProps, ReactNode, Ref } from "react";
import { useId } from "react";
import { cx } from "./cx.ts";
import "./field.css";

export interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  /** Label beside the control instead of above it. */
  readonly inline?: boolean;
  /** Gives the control its id and what describes it. */
  readonly children: (props: {
    readonly id: string;
    readonly "aria-describedby": string | undefined;
    readonly "aria-invalid": true | undefined;
  }) => ReactNode;
}

export function Field({ label, hint, error, inline = false, children }: FieldProps): ReactNode {
  const id = useId();
  const note = error ?? hint;
  const noteId = note === undefined ? undefined : `${id}-note`;
  return (
    <div className={cx("field", inline && "field--inline")}>
      <label className="field__label" htmlFor={id}>
        {label}
      </label>
      <div className="field__control">
        {children({
          id,
          "aria-describedby": noteId,
          "aria-invalid": error === undefined ? undefined : true,
        })}
        {note === undefined ? null : (
          <p
            className={cx("field__note", error !== undefined && "field__note--error")}
            id={noteId}
            role={error === undefined ? undefined : "alert"}
          >
            {note}
          </p>
        )}
      </div>
    </div>
  );
}

export function TextInput({ className, ...rest }: ComponentProps<"input">): ReactNode {
  return (
    <input
      type="text"
      spellCheck={false}
      autoComplete="off"
      {...rest}
      className={cx("input", className)}
    />
  );
}

export interface NumberInputProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly unit?: string;
}

/** `undefined` while the text is no number. */
export function NumberInput({ value, onChange, unit, ...rest }: NumberInputProps): ReactNode {
  return (
    <span className="number-input">
      <input
        {...rest}
        type="number"
        className="input"
        defaultValue={value}
        onChange={(event) => {
          const next = event.currentTarget.valueAsNumber;
          onChange(Number.isNaN(next) ? undefined : next);
        }}
      />
      {unit === undefined ? null : <span className="number-input__unit">{unit}</span>}
    </span>
  );
}

export interface SelectOption<T extends string> {
  readonly value: T;
  readonly label: string;
}

export interface SelectProps<T extends string>
  extends Omit<ComponentProps<"select">, "value" | "onChange"> {
  readonly value: T;
  readonly options: readonly SelectOption<T>[];
  readonly onChange: (value: T) => void;
}

/** The system's own select: nothing to inject, and every platform's keyboard works. */
export function Select<T extends string>(props: SelectProps<T>): ReactNode {
  const { value, options, onChange, className, ...rest } = props;
  return (
    <select
      {...rest}
      className={cx("input", "input--select", className)}
      value={value}
      onChange={(event) => {
        const chosen = options.find((option) => option.value === event.currentTarget.value);
        if (chosen !== undefined) onChange(chosen.value);
      }}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

export interface SearchInputProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly invalid?: boolean;
  readonly inputRef?: Ref<HTMLInputElement>;
}

export function SearchInput(props: SearchInputProps): ReactNode {
  const { label, value, onChange, invalid = false, inputRef } = props;
  return (
    <input
      ref={inputRef}
      className="input input--search"
      type="search"
      aria-label={label}
      aria-invalid={invalid || undefined}
      placeholder={label}
      spellCheck={false}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
