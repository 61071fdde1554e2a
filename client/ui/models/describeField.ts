import type { Field } from "./describeInput.ts";

/** What stands below a field: its description, and which numbers it takes. */
export const describeField = ({ description, control }: Field): string | undefined => {
  const parts = [description, control.kind === "number" ? rangeOf(control) : undefined];
  return parts.filter((part) => part !== undefined).join(" ") || undefined;
};

const rangeOf = (
  { integer, min, max }: { integer: boolean; min?: number; max?: number },
): string | undefined => {
  const range = min !== undefined && max !== undefined
    ? `${count(min)} to ${count(max)}`
    : min !== undefined
    ? `${count(min)} or more`
    : max !== undefined
    ? `${count(max)} or less`
    : undefined;
  if (range === undefined) return integer ? "A whole number." : undefined;
  return integer ? `A whole number, ${range}.` : `${range}.`;
};

const count = (value: number): string => value.toLocaleString("en", { maximumFractionDigits: 20 });
