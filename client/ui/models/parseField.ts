import { type Control, type Field, optionText } from "./describeInput.ts";

/** A file somebody picked. */
export type PickedFile = { name: string; bytes: Uint8Array };

/** What stands in a control: text for all kinds but a file. */
export type FieldContent = { text: string; file?: PickedFile };

/** A value to send (`undefined`: leave the field out), or what is wrong with it. */
export type Parsed = { value: unknown; problem?: undefined } | { problem: string };

/**
 * Reads a value out of a control. It refuses only what could not be sent as meant; all else is for
 * the worker's schema to judge.
 */
export const parseField = ({ control, required }: Field, { text, file }: FieldContent): Parsed => {
  switch (control.kind) {
    case "text":
      return { value: text === "" && !required ? undefined : text };
    case "boolean":
      return { value: text === "true" };
    case "file":
      return file === undefined && required
        ? { problem: "Choose a file." }
        : { value: file?.bytes };
    case "choice":
      if (text !== "") return { value: control.options[Number(text)] };
      return required ? { problem: `Choose ${choices(control.options)}.` } : { value: undefined };
    case "number":
      if (text.trim() !== "") return parseNumber(text.trim(), control);
      return required ? { problem: "Give a number." } : { value: undefined };
    case "json":
      if (text.trim() !== "") return parseJson(text);
      return required ? { problem: "Give a value as JSON." } : { value: undefined };
  }
};

const choices = (options: unknown[]): string =>
  options.length > 5 ? "one" : options.map(optionText).join(" or ");

const parseNumber = (text: string, control: Control & { kind: "number" }): Parsed => {
  const { integer, min = -Infinity, max = Infinity } = control;
  const value = Number(text);
  if (!Number.isFinite(value)) return { problem: `"${text}" is not a number.` };
  if (integer && !Number.isInteger(value)) return { problem: `${text} is not a whole number.` };
  if (value < min) return { problem: `${text} is less than ${min}.` };
  if (value > max) return { problem: `${text} is more than ${max}.` };
  return { value };
};

const parseJson = (text: string): Parsed => {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    return { problem: `Not JSON: ${error instanceof Error ? error.message : error}` };
  }
};
