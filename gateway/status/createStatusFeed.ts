import type { Bus } from "../../common/bus/port.ts";
import type { Status } from "../../common/schemas/topics.ts";
import { settlesWithin } from "../../common/settlesWithin.ts";
import type { LiveCatalog } from "../createCatalog.ts";
import { type Meter, SAMPLE_MS } from "./createMeter.ts";

/** How long the bus may take to tell what is queued, in milliseconds. */
const DEPTHS_MS = 2_000;

/** What a status is made of. */
export type StatusFeedOptions = {
  bus: Pick<Bus, "queueDepths">;
  catalog: LiveCatalog;
  meter: Meter;
  /** How many requests of a type this gateway holds back until it is their turn. */
  held(type: string): number;
  /** What the gateway knows of itself now. */
  now(): Pick<Status, "gateway" | "peers" | "clients" | "inFlight">;
  /** Between two samples. Default 5 s. */
  sampleMs?: number;
};

/** Tells those who watch how a gateway is. */
export type StatusFeed = {
  /** Calls the listener soon, and with every sample, until the function it returns is called. */
  watch(listener: (status: Status) => void): () => void;
  close(): void;
};

type Depths = ReadonlyMap<string, number>;
type Watcher = { listener(status: Status): void; next: number };

/** Takes samples for as long as it is open; what is queued is asked for only while somebody watches. */
export const createStatusFeed = (
  { bus, catalog, meter, held, now, sampleMs = SAMPLE_MS }: StatusFeedOptions,
): StatusFeed => {
  const startedAt = performance.now();
  const watchers = new Set<Watcher>();

  let measuring: Promise<Depths | undefined> | undefined;

  /** Undefined where the bus cannot tell now. */
  const askBus = async (): Promise<Depths | undefined> => {
    let depths: Depths | undefined;
    const types = catalog.current.plugins.flatMap(({ handlers }) =>
      handlers.map((one) => one.type)
    );
    const asked = bus.queueDepths(types).then((told) => depths = withHeld(told));
    await settlesWithin(asked, DEPTHS_MS);
    measuring = undefined;
    return depths;
  };
  const withHeld = (told: Depths): Depths =>
    new Map([...told].map(([type, queued]) => [type, queued + held(type)]));
  /** However many begin to watch at once, the bus is asked once. */
  const measure = (): Promise<Depths | undefined> => measuring ??= askBus();

  const tell = (told: Iterable<Watcher>, depths?: Depths): void => {
    const { types, others } = meter.byType();
    const known = new Set(types.map(({ type }) => type));
    const idle = [...depths ?? []].filter(([type, queued]) => queued > 0 && !known.has(type))
      .map(([type]) => ({ type, ok: 0, failed: 0, cancelled: 0, codes: {} }));
    const facts = {
      ...now(),
      uptimeMs: performance.now() - startedAt,
      queued: depths && sum(depths),
      lastMinute: meter.lastMinute(),
      types: [...types, ...idle].map((row) => ({ ...row, queued: depths?.get(row.type) })),
      others,
    };
    for (const watcher of told) {
      const status = { ...facts, ...meter.samplesFrom(watcher.next) };
      watcher.next = meter.taken;
      watcher.listener(status);
    }
  };

  const onTick = async (): Promise<void> => {
    const depths = watchers.size > 0 ? await measure() : undefined;
    const { inFlight } = now();
    meter.sample({ inFlight, ...(depths ? { queued: sum(depths) } : {}) });
    if (watchers.size > 0) tell(watchers, depths);
  };
  // `measure` takes less than a sample, and nothing else of it can fail.
  const timer = setInterval(() => void onTick(), sampleMs);

  return {
    watch(listener) {
      const watcher = { listener, next: 0 };
      watchers.add(watcher);
      void measure().then((depths) => watchers.has(watcher) && tell([watcher], depths));
      return () => void watchers.delete(watcher);
    },
    close() {
      clearInterval(timer);
      watchers.clear();
    },
  };
};

const sum = (depths: Depths): number =>
  [...depths.values()].reduce((total, queued) => total + queued, 0);
