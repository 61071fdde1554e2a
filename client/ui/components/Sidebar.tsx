import type { PluginEntry } from "../../../common/schemas/catalog.ts";
import type { PageModel } from "../models/pageModel.ts";
import { routeTo } from "../models/routeModel.ts";
import { onDemand } from "./onDemand.tsx";

const BrokenFiles = onDemand(({ BrokenFiles }) => BrokenFiles);
const NoPlugins = onDemand(({ NoPlugins }) => NoPlugins);
const StartWorker = onDemand(({ StartWorker }) => StartWorker);

/** The plugins and their handlers, as the catalog has them now, and the other views. */
export const Sidebar = ({ page }: { page: PageModel }) => {
  const known = page.catalog.catalog.value;
  const { at } = page.catalog.connection.value;
  const { task } = page.catalog.gateway.value;
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
      {!known || !plugins
        ? at !== "refused" && <p class="quiet">Waiting for the list of plugins…</p>
        : (
          <>
            <p class="quiet">
              {known.workers.length === 1 ? "1 worker" : `${known.workers.length} workers`}{" "}
              {at === "ready" ? "online" : "when last connected"}
            </p>
            {known.broken.length > 0 && <BrokenFiles broken={known.broken} />}
            {known.workers.length === 0
              ? <StartWorker why="No worker is online." task={task} />
              : plugins.length === 0 && <NoPlugins task={task} />}
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
      {running && <small class="running">{running} under way</small>}
    </a>
  </li>
);
