import type { PluginEntry } from "../../../common/schemas/catalog.ts";
import type { CatalogModel } from "../models/catalogModel.ts";
import { routeTo } from "../models/routeModel.ts";
import { BrokenFiles } from "./BrokenFiles.tsx";
import { VIEWS } from "./views.ts";

/** The plugins and their handlers, as the catalog has them now. */
export const Sidebar = (
  { catalog, selected }: { catalog: CatalogModel; selected: string },
) => {
  const known = catalog.catalog.value;
  if (!known) {
    return (
      <nav class="side" aria-label="Plugins">
        <p class="quiet">Waiting for the list of plugins…</p>
      </nav>
    );
  }
  const { plugins, broken, workers } = known;
  return (
    <nav class="side" aria-label="Plugins">
      <p class="quiet">
        {workers.length === 1 ? "1 worker" : `${workers.length} workers`}{" "}
        {catalog.connection.value.at === "ready" ? "online" : "when last connected"}
      </p>
      <ul>
        {Object.entries(VIEWS).map(([name, { title }]) => (
          <li key={name}>
            <a href={routeTo(name)} aria-current={name === selected ? "page" : undefined}>
              {title}
            </a>
          </li>
        ))}
      </ul>
      <BrokenFiles broken={broken} />
      {plugins.length === 0 && <NoPlugins />}
      {plugins.map((plugin) => <Plugin key={plugin.name} plugin={plugin} selected={selected} />)}
    </nav>
  );
};

const Plugin = ({ plugin, selected }: { plugin: PluginEntry; selected: string }) => (
  <section>
    <h2 title={plugin.description}>
      {plugin.title ?? plugin.name} {plugin.version && <small>{plugin.version}</small>}
    </h2>
    <ul>
      {plugin.handlers.map(({ type, title }) => (
        <li key={type}>
          <a href={routeTo(type)} aria-current={type === selected ? "page" : undefined}>
            {title && <span>{title}</span>} <code>{type}</code>
          </a>
        </li>
      ))}
    </ul>
  </section>
);

const NoPlugins = () => (
  <section class="empty">
    <h2>No plugins yet</h2>
    <p>Make one, and it appears here:</p>
    <pre>deno task new hello</pre>
  </section>
);
