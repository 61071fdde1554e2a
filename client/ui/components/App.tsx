import type { TargetedKeyboardEvent } from "preact";
import type { Catalog } from "../../../common/schemas/catalog.ts";
import type { PageModel } from "../models/pageModel.ts";
import { Bench } from "./Bench.tsx";
import { ConnectionStatus } from "./ConnectionStatus.tsx";
import { Sidebar } from "./Sidebar.tsx";
import { VIEWS } from "./views.ts";

/** The whole page: what there is on one side, the selected handler on the other. */
export const App = ({ page }: { page: PageModel }) => {
  const { catalog, route } = page;
  const bench = page.bench.value;
  const selected = route.selected.value;
  const View = VIEWS[selected]?.View;
  return (
    <div class="plugboard" data-view={selected ? "bench" : "list"} onKeyDown={onKeyDown}>
      <header class="top">
        <h1>
          <a href="#/">Plugboard</a>
        </h1>
        <ConnectionStatus catalog={catalog} />
      </header>
      <Sidebar catalog={catalog} selected={selected} />
      <main class="main">
        {View
          ? <View page={page} />
          : bench
          ? <Bench key={bench.entry.value.type} bench={bench} catalog={catalog} />
          : <p class="quiet">{nothingShown(selected, catalog.catalog.value)}</p>}
      </main>
    </div>
  );
};

const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>): void => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.currentTarget.querySelector("form")?.requestSubmit();
};

const nothingShown = (selected: string, catalog: Catalog | undefined): string => {
  if (!catalog) return "Waiting for the list of plugins…";
  if (selected === "") return catalog.plugins.length === 0 ? "" : "Choose a handler from the list.";
  return `No worker has announced a handler "${selected}". It appears here as soon as one does.`;
};
