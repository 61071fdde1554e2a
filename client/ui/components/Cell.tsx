import { textOf } from "../models/textOf.ts";
import { Text } from "./Text.tsx";

/** A cell of a table. */
export const Cell = ({ value }: { value: unknown }) => {
  if (value === undefined) return <td />;
  if (typeof value === "string") {
    return (
      <td>
        <Text text={value} />
      </td>
    );
  }
  const text = Array.isArray(value) ? value.map(textOf).join(", ") : textOf(value);
  return <td class={typeof value === "number" ? "number" : undefined}>{text}</td>;
};
