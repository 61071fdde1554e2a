/** What a key can ask of the page. */
export type Shortcut = "find" | "run" | "help";

/** What of a `KeyboardEvent` tells a shortcut. */
export type Keys = { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean };

const isApple = /Mac|iP/.test(globalThis.navigator?.platform ?? "");

/** How a shortcut with Ctrl or Cmd is written here. */
export const withMod = (key: string): string => `${isApple ? "⌘" : "Ctrl"} ${key}`;

/** The shortcut that a key is, if it is one. `?` is none where `target`, which has it, takes text. */
export const shortcutOf = (
  { key, ctrlKey, metaKey, altKey }: Keys,
  target: unknown,
): Shortcut | undefined => {
  if (altKey) return undefined;
  if (ctrlKey !== metaKey) {
    return key === "Enter" ? "run" : key.toLowerCase() === "k" ? "find" : undefined;
  }
  return key === "?" && !ctrlKey && !takesText(target) ? "help" : undefined;
};

const takesText = (target: unknown): boolean => {
  const { tagName, type, isContentEditable } = Object(target);
  if (isContentEditable || tagName === "TEXTAREA" || tagName === "SELECT") return true;
  return tagName === "INPUT" && !["checkbox", "radio", "file", "button"].includes(type);
};
