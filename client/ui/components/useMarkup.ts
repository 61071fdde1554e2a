import { useEffect, useState } from "preact/hooks";

/** What `markup.ts` exports. */
export type Markup = typeof import("../markup.ts");

/** The parsers of marked-up text, once they were needed and are there. */
export const useMarkup = (isNeeded: boolean): Markup | undefined => {
  const [markup, setMarkup] = useState<Markup>();
  useEffect(() => {
    if (!isNeeded || markup) return;
    // Without them the text is shown as it came.
    import("../markup.ts").then(setMarkup, () => {});
  }, [isNeeded]);
  return markup;
};
