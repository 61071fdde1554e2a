import type { Bounds, Control, Field } from "./describeInput.ts";

/** What stands below a field: its description, and what it takes, where that is not plain to see. */
export const describeField = ({ description, control }: Field): string | undefined =>
  sentences([description, limitsOf(control)]) || undefined;

/** One after the other; what another follows ends as a sentence does. */
export const sentences = (texts: (string | undefined)[]): string =>
  texts.flatMap((text) => text || []).map((text, at, { length }) =>
    at < length - 1 && /[\p{L}\p{N})]$/u.test(text) ? `${text}.` : text
  ).join(" ");

const limitsOf = (control: Control): string | undefined => {
  switch (control.kind) {
    case "number": {
      const range = rangeOf(control);
      if (!control.integer) return range && `${range[0]!.toUpperCase()}${range.slice(1)}.`;
      return range ? `A whole number, ${range}.` : "A whole number.";
    }
    case "list": {
      const range = control.open && rangeOf({ ...control, min: control.min || undefined });
      return range ? `Items: ${range}.` : undefined;
    }
  }
};

const rangeOf = ({ min, max, above, below }: Bounds): string | undefined =>
  [
    closedRange(min, max),
    above === undefined ? "" : `more than ${count(above)}`,
    below === undefined ? "" : `less than ${count(below)}`,
  ].filter(Boolean).join(", ") || undefined;

const closedRange = (min?: number, max?: number): string | undefined => {
  if (min !== undefined && min === max) return `exactly ${count(min)}`;
  if (min !== undefined && max !== undefined) return `${count(min)} to ${count(max)}`;
  if (min !== undefined) return `${count(min)} or more`;
  return max === undefined ? undefined : `${count(max)} or less`;
};

const count = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 20 });
