import { computed, effect, type ReadonlySignal, signal } from "@preact/signals";
import type { MakeBackendRequest } from "../../makeBackendRequest.ts";
import type { WebsocketClient } from "../../websocketClient.ts";
import { type BenchModel, createBenchModel } from "./benchModel.ts";
import { type CatalogModel, createCatalogModel } from "./catalogModel.ts";
import { createRouteModel, type HashSource, type RouteModel } from "./routeModel.ts";

/** The state of one mounted page. */
export type PageModel = {
  readonly catalog: CatalogModel;
  readonly route: RouteModel;
  /** The bench of the selected handler; none while nothing known is selected. */
  readonly bench: ReadonlySignal<BenchModel | undefined>;
  /** Stops listening; runs end with the connection. */
  dispose(): void;
};

/** What a page stands on. */
export type PageModelOptions = {
  socket: WebsocketClient;
  makeBackendRequest: MakeBackendRequest;
  window: HashSource;
  /** Calls back before the page is drawn next. */
  schedule(callback: () => void): void;
  /** Prefix of element ids, unique in the document. */
  id: string;
};

/** Makes the state of a page and starts to listen. */
export const createPageModel = (options: PageModelOptions): PageModel => {
  const { socket, makeBackendRequest, schedule, id } = options;
  const catalog = createCatalogModel(socket);
  const route = createRouteModel(options.window);
  // A bench outlives its being selected and its workers: a run goes on, and what was typed stays.
  const benches = new Map<string, BenchModel>();
  const bench = signal<BenchModel | undefined>();

  const maxBytes = (): number =>
    "welcome" in socket.state ? socket.state.welcome.maxPayloadBytes : Infinity;

  const selected = computed(() => catalog.handlers.value.get(route.selected.value));
  const stop = effect(() => {
    const type = route.selected.value;
    const entry = selected.value;
    const known = benches.get(type);
    if (entry && known) known.update(entry);
    else if (entry) {
      const options = { makeBackendRequest, schedule, maxBytes, id: `${id}-${benches.size}` };
      benches.set(type, createBenchModel(entry, options));
    }
    bench.value = benches.get(type);
  });

  return {
    catalog,
    route,
    bench,
    dispose() {
      stop();
      route.dispose();
      catalog.dispose();
    },
  };
};
