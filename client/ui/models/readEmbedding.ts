import type { Scope } from "./pageModel.ts";
import { asTheme } from "./themeModel.ts";

/** What `?embed&handler=…` asks to be shown: also `plugin`, `theme` and `readonly`. */
export const readEmbedding = (search: string): Scope => {
  const query = new URLSearchParams(search);
  if (!query.has("embed")) return {};
  const theme = query.get("theme");
  return {
    plugin: query.get("plugin") ?? undefined,
    handler: query.get("handler") ?? undefined,
    readOnly: query.has("readonly"),
    theme: theme === null ? undefined : asTheme(theme),
  };
};
