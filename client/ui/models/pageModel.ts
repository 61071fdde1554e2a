import { computed, effect, type ReadonlySignal, signal, untracked } from "@preact/signals";
import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import type { MakeBackendRequest } from "../../makeBackendRequest.ts";
import type { WebsocketClient } from "../../websocketClient.ts";
import { type BenchModel, createBenchModel } from "./benchModel.ts";
import { type CatalogModel, createCatalogModel } from "./catalogModel.ts";
import { createSavedInputs, type InputStorage } from "./savedInputs.ts";
import { createRouteModel, type HashSource, type RouteModel } from "./routeModel.ts";

/** The state of one mounted page. */
export type PageModel = {
  /** For views that watch something more. */
  readonly socket: WebsocketClient;
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
  /** Where inputs are kept; throws where the browser allows none. */
  storage(): InputStorage;
  /** Prefix of element ids, unique in the document. */
  id: string;
};

/** Makes the state of a page and starts to listen. */
export const createPageModel = (options: PageModelOptions): PageModel => {
  const { socket, makeBackendRequest, schedule, id } = options;
  const catalog = createCatalogModel(socket);
  const route = createRouteModel(options.window);
  // A bench outlives its being selected and its workers: a run goes on, and what was typed stays.
  const saved = createSavedInputs(options.storage, `plugboard ${socket.url}`);
  const benches = new Map<string, BenchModel>();
  const bench = signal<BenchModel | undefined>();

  const maxBytes = (): number =>
    "welcome" in socket.state ? socket.state.welcome.maxPayloadBytes : Infinity;

  const selected = computed(() => catalog.handlers.value.get(route.selected.value));
  const show = (type: string, entry: HandlerEntry | undefined, input: string): void => {
    const known = benches.get(type);
    if (entry && known) known.update(entry);
    else if (entry) {
      const options = { makeBackendRequest, schedule, maxBytes, saved };
      benches.set(type, createBenchModel(entry, { ...options, id: `${id}-${benches.size}` }));
    }
    bench.value = benches.get(type);
    if (input) bench.value?.input.openLink(input);
  };
  const stop = effect(() => {
    const [type, entry, input] = [route.selected.value, selected.value, route.input.value];
    untracked(() => show(type, entry, input)); // What stands in a form changes nothing here.
  });

  return {
    socket,
    catalog,
    route,
    bench,
    dispose() {
      stop();
      for (const one of benches.values()) one.input.dispose();
      route.dispose();
      catalog.dispose();
    },
  };
};
