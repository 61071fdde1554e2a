import type { PageModel } from "../models/pageModel.ts";

type Handlers = Partial<Record<"onClick" | "onAuxClick", (event: MouseEvent) => void>>;

/**
 * Within another page, whose address is not ours, a link `#/…` moves this page alone; where it is
 * to be opened beside, in a tab say, that is the gateway's own page.
 */
export const ownLinks = ({ ownsWindow, route, url }: PageModel): Handlers => {
  if (ownsWindow) return {};
  const onClick = (event: MouseEvent): void => {
    const link = event.target instanceof Element ? event.target.closest(`a[href^="#/"]`) : null;
    const hash = link?.getAttribute("href");
    if (!hash || event.button > 1) return;
    event.preventDefault();
    const beside = event.button === 1 || event.ctrlKey || event.metaKey || event.shiftKey;
    if (beside) open(`${url}/${hash}`, "_blank", "noopener");
    else route.go(hash);
  };
  return { onClick, onAuxClick: onClick };
};
