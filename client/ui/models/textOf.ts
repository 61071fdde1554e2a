import { formatBytes } from "./formatBytes.ts";

/** How many characters of one value are shown. */
const MAX_TEXT = 50_000;

/** A value as text: a string as it is, bytes by their size, anything else as indented JSON. */
export const textOf = (value: unknown): string => {
  const text = typeof value === "string" ? value : JSON.stringify(value, bytesBySize, 2) ?? "";
  if (text.length <= MAX_TEXT) return text;
  return `${text.slice(0, MAX_TEXT)}… (${text.length - MAX_TEXT} more characters)`;
};

const bytesBySize = (_key: string, value: unknown): unknown =>
  value instanceof Uint8Array ? `<${formatBytes(value.byteLength)}>` : value;
