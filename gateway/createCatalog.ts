import type {
  Announcement,
  Catalog,
  HandlerEntry,
  PluginEntry,
} from "../common/schemas/catalog.ts";

/** A worker that has been silent for this long is gone: three announcements missed. */
const SILENT_MS = 15_000;

/** The live list of plugins, and who serves them. */
export type LiveCatalog = {
  readonly current: Catalog;
  onAnnouncement(announcement: Announcement): void;
  /**
   * The entry of a request type as it was announced last: a request that waits for a worker that
   * restarts goes by it too.
   */
  handler(type: string): HandlerEntry | undefined;
  /** How many workers serve a type now. */
  workersFor(type: string): number;
  /** Calls the listener after every change, until the function it returns is called. */
  subscribe(listener: (catalog: Catalog) => void): () => void;
  close(): void;
};

/** What a worker said last. Its goodbye is known for as long, as what it ended may come after it. */
type Known = { announcement: Announcement; heardAt: number };

/** Makes an empty catalog. `now` is a clock that never goes back, in milliseconds. */
export const createCatalog = ({ now = () => performance.now() } = {}): LiveCatalog => {
  const known = new Map<string, Known>();
  const listeners = new Set<(catalog: Catalog) => void>();
  let current = merge([]);
  let written = JSON.stringify(current);
  const handlers = new Map<string, HandlerEntry>();
  let counts = new Map<string, number>();

  const update = (): void => {
    const said = [...known.values()].map(({ announcement }) => announcement);
    const next = merge(said.filter(({ goodbye }) => !goodbye));
    const text = JSON.stringify(next);
    if (text === written) return;
    current = next;
    written = text;
    for (const entry of next.plugins.flatMap((plugin) => plugin.handlers)) {
      handlers.set(entry.type, entry);
    }
    counts = new Map();
    for (const type of next.workers.flatMap(({ types }) => types)) {
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    for (const listener of [...listeners]) listener(current);
  };

  const sweep = setInterval(() => {
    for (const [worker, { heardAt }] of known) {
      if (now() - heardAt > SILENT_MS) known.delete(worker);
    }
    update();
  }, 1_000);

  return {
    get current() {
      return current;
    },
    onAnnouncement(announcement) {
      const { worker } = announcement;
      if (isOutdated(announcement, known.get(worker)?.announcement)) return;
      known.set(worker, { announcement, heardAt: now() });
      update();
    },
    handler: (type) => handlers.get(type),
    workersFor: (type) => counts.get(type) ?? 0,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => clearInterval(sweep),
  };
};

/** Whether something does not count after what its worker said last. */
const isOutdated = (said: Announcement, last: Announcement | undefined): boolean => {
  if (said.life === undefined || last === undefined) return false;
  if (said.life.id !== last.life?.id) return said.goodbye === true;
  if (said.goodbye) return said.life.nth < last.life.nth;
  return last.goodbye === true && said.life.nth <= last.life.nth;
};

const byName = (a: { name: string }, b: { name: string }): number => a.name < b.name ? -1 : 1;

/**
 * Merges what workers said. Where they disagree about a plugin (a rolling update), the higher
 * version is shown, with every handler that anybody serves.
 */
const merge = (announcements: Announcement[]): Catalog => {
  const sorted = [...announcements].sort((a, b) => a.worker < b.worker ? -1 : 1);
  const plugins = new Map<string, PluginEntry>();
  for (const plugin of sorted.flatMap((announcement) => announcement.plugins)) {
    const other = plugins.get(plugin.name);
    plugins.set(plugin.name, other ? mergePlugin(other, plugin) : plugin);
  }
  const broken = new Map(
    sorted.flatMap((announcement) => announcement.broken)
      .map((entry) => [`${entry.file}:${entry.line}:${entry.message}`, entry]),
  );
  return {
    workers: sorted.map(({ worker, plugins, starting }) => ({
      id: worker,
      ...(starting ? { starting } : {}),
      types: plugins.flatMap(({ handlers }) => handlers.map(({ type }) => type)),
    })),
    plugins: [...plugins.values()].sort(byName),
    broken: [...broken.values()],
  };
};

const mergePlugin = (one: PluginEntry, two: PluginEntry): PluginEntry => {
  const newer = compareVersions(two.version, one.version) > 0 ? two : one;
  const older = newer === one ? two : one;
  const has = new Set(newer.handlers.map(({ type }) => type));
  const extra = older.handlers.filter(({ type }) => !has.has(type));
  return extra.length === 0 ? newer : { ...newer, handlers: [...newer.handlers, ...extra] };
};

const compareVersions = (one = "", two = ""): number =>
  one.localeCompare(two, "en", { numeric: true });
