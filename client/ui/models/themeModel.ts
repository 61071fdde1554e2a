import { type ReadonlySignal, signal } from "@preact/signals";

/** Light, dark, or what the system says. */
export const THEMES = ["auto", "light", "dark"] as const;
export type Theme = typeof THEMES[number];

/** The theme somebody chose, kept from visit to visit. */
export type ThemeModel = { readonly theme: ReadonlySignal<Theme>; choose(theme: Theme): void };

/** What of a browser's storage it needs. */
export type ThemeStorage = Pick<Storage, "getItem" | "setItem">;

const KEY = "plugboard theme";

/** The theme that a text names; `auto` for any other text. */
export const asTheme = (text: unknown): Theme => THEMES.find((theme) => theme === text) ?? "auto";

/** Reads the theme chosen last. `storage` throws where the browser allows none. */
export const createThemeModel = (storage: () => ThemeStorage): ThemeModel => {
  const tried = <T>(use: (storage: ThemeStorage) => T): T | undefined => {
    try {
      return use(storage());
    } catch {
      return undefined; // It is forbidden or full: then the choice lasts as long as the page.
    }
  };
  const theme = signal(asTheme(tried((kept) => kept.getItem(KEY))));
  return {
    theme,
    choose(next) {
      theme.value = next;
      tried((kept) => kept.setItem(KEY, next));
    },
  };
};
