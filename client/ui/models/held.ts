import { formatBytes } from "./formatBytes.ts";
import { type Parsed, parseJson } from "./parseJson.ts";

/** What an input holds that its JSON does not show, bytes and secrets; a text stands for each. */
export type Held = {
  /** The text that stands for a value from now on. */
  hide(value: unknown, what: string): string;
  /** The name of the file that bytes are from. */
  nameOf(bytes: Uint8Array): string;
  setName(bytes: Uint8Array, name: string): void;
  /** Writes JSON for people. */
  write(value: unknown): string;
  /** Reads it, with what is hidden in its place again. */
  parse(json: string): Parsed;
};

/** Holds nothing yet. */
export const createHeld = (): Held => {
  const texts = new Map<unknown, string>();
  const values = new Map<string, unknown>();
  const names = new WeakMap<Uint8Array, string>();

  const nameOf = (bytes: Uint8Array): string => names.get(bytes) ?? "bytes";

  const hide = (value: unknown, what: string): string => {
    const text = texts.get(value) ?? `⟨${values.size + 1}: ${what}⟩`;
    texts.set(value, text);
    values.set(text, value);
    return text;
  };

  const hideBytes = (_key: string, value: unknown): unknown =>
    value instanceof Uint8Array
      ? hide(value, `${nameOf(value)}, ${formatBytes(value.byteLength)}`)
      : value;

  return {
    hide,
    nameOf,
    setName: (bytes, name) => void names.set(bytes, name),
    write: (value) => JSON.stringify(value, hideBytes, 2) ?? "",
    parse: (json) =>
      parseJson(
        json,
        (value) => typeof value === "string" && values.has(value) ? values.get(value) : value,
      ),
  };
};
