import type { PluginEntry } from "../../../common/schemas/catalog.ts";
import type { PageModel } from "../models/pageModel.ts";
import { routeTo } from "../models/routeModel.ts";
import { BrokenFiles } from "./BrokenFiles.tsx";
import { NoPlugins } from "./NoPlugins.tsx";
import { StartWorker } from "./StartWorker.tsx";

/** The plugins and their handlers, as the catalog has them now, and the other views. */
export const Sidebar = ({ page }: { page: PageModel }) => {
  const known = page.catalog.catalog.value;
  const plugins = page.plugins.value;
  const selected = page.selected.value;
  const running = page.underWay.value;
  return (
    <nav class="side" part="sidebar" aria-label="Plugins">
      {page.views.value.length > 0 && (
        <ul>
          {page.views.value.map(([name, title]) => (
            <Item key={name} name={name} title={title} selected={selected} />
          ))}
        </ul>
      )}
      {!known || !plugins ? <p class="quiet">Waiting for the list of plugins…</p> : (
        <>
          <p class="quiet">
            {known.workers.length === 1 ? "1 worker" : `${known.workers.length} workers`}{" "}
            {page.catalog.connection.value.at === "ready" ? "online" : "when last connected"}
          </p>
          <BrokenFiles broken={known.broken} />
          {known.workers.length === 0
            ? <StartWorker why="No worker is online." />
            : plugins.length === 0 && <NoPlugins />}
          {plugins.map((plugin) => (
            <Plugin
              key={plugin.name}
              plugin={plugin}
              selected={selected}
              running={running}
            />
          ))}
        </>
      )}
    </nav>
  );
};

type PluginProps = {
  plugin: PluginEntry;
  selected: string;
  running: ReadonlyMap<string, readonly unknown[]>;
};

const Plugin = ({ plugin, selected, running }: PluginProps) => (
  <section>
    <h2 title={plugin.description}>
      {plugin.title ?? plugin.name} {plugin.version && <small>{plugin.version}</small>}
    </h2>
    <ul>
      {plugin.handlers.map(({ type, title }) => (
        <Item
          key={type}
          name={type}
          title={title}
          selected={selected}
          running={running.get(type)?.length}
        />
      ))}
    </ul>
  </section>
);

type ItemProps = { name: string; title?: string; selected: string; running?: number };

const Item = ({ name, title, selected, running }: ItemProps) => (
  <li>
    <a href={routeTo(name)} aria-current={name === selected ? "page" : undefined}>
      {title && <span>{title}</span>} {(!title || name.includes(".")) && <code>{name}</code>}{" "}
      {running && <small class="running">{running} running</small>}
    </a>
  </li>
);
