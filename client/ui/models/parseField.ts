import type { Bounds, Field } from "./describeInput.ts";
import type { Held } from "./held.ts";
import { isInexact } from "./isInexact.ts";
import { optionText } from "./optionText.ts";
import { inexactText, type Parsed } from "./parseJson.ts";

/** A file somebody picked. */
export type PickedFile = { name: string; bytes: Uint8Array };

/** What stands in a control: text for all kinds but a file; an empty text may be meant. */
export type FieldContent = { text: string; file?: PickedFile; given?: boolean };

/**
 * Reads a value out of a control (`undefined`: leave the field out). It finds fault only with what
 * could not be sent as meant; all else is for the worker's schema to judge.
 */
export const parseField = (field: Field, content: FieldContent, held: Held): Parsed => {
  const { control, required } = field;
  const { text, file, given } = content;
  const missing = (problem: string): Parsed => ({ value: undefined, ...required && { problem } });
  switch (control.kind) {
    case "boolean":
      return { value: text === "true" };
    case "file":
      return file ? { value: file.bytes } : missing("Choose a file.");
    case "choice":
      if (text !== "") return { value: control.options[Number(text)] };
      return missing(`Choose ${choices(control.options)}.`);
    case "number":
      return text.trim() === "" ? missing("Give a number.") : parseNumber(text.trim(), control);
    case "json":
      if (text.trim() === "") return missing("Give a value as JSON.");
      return held.parse(text);
    default:
      return { value: text === "" && !required && !given ? undefined : text };
  }
};

const choices = (options: unknown[]): string =>
  options.length > 5 ? "one" : options.map(optionText).join(" or ");

type NumberControl = Bounds & { integer: boolean };

const parseNumber = (
  text: string,
  { integer, min = -Infinity, max = Infinity, above = NaN, below = NaN }: NumberControl,
): Parsed => {
  const value = Number(text);
  if (!Number.isFinite(value)) return { value: text, problem: `"${text}" is not a number.` };
  if (isInexact(text)) return { value: text, problem: inexactText(text) };
  const problem = integer && !Number.isInteger(value)
    ? `${text} is not a whole number.`
    : value < min
    ? `${text} is less than ${min}.`
    : value > max
    ? `${text} is more than ${max}.`
    : value <= above
    ? `${text} is not more than ${above}.`
    : value >= below
    ? `${text} is not less than ${below}.`
    : undefined;
  return { value, problem };
};

/** The text that stands for a value in a control that holds it. */
export const fieldText = ({ control }: Field, value: unknown, held: Held): string => {
  if (control.kind === "boolean") return `${value === true}`;
  if (control.kind === "choice") {
    const { options } = control;
    // There is nothing to choose where something must be given and only one thing can.
    if (value === undefined) return options.length === 1 ? "0" : "";
    const at = options.findIndex((option) => optionText(option) === optionText(value));
    return at < 0 ? "" : `${at}`;
  }
  if (value === undefined) return "";
  return control.kind === "json" ? held.write(value) : `${value}`;
};
