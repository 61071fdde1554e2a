import {
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from "@preact/signals";
import type { HandlerEntry, PluginEntry } from "../../../common/schemas/catalog.ts";
import type { MakeBackendRequest } from "../../makeBackendRequest.ts";
import type { WebsocketClient } from "../../websocketClient.ts";
import { type BenchModel, createBenchModel } from "./benchModel.ts";
import { type CatalogModel, createCatalogModel } from "./catalogModel.ts";
import type { RunModel } from "./runModel.ts";
import { isUnderWay } from "./runState.ts";
import { createSavedInputs, type InputStorage } from "./savedInputs.ts";
import { createRouteModel, type HashSource, type RouteModel } from "./routeModel.ts";
import type { Theme, ThemeModel } from "./themeModel.ts";
import { viewTitles } from "./viewTitles.ts";

/** How much of a gateway a page shows, and how. */
export type Scope = {
  /** Only the handlers of this plugin. */
  plugin?: string;
  /** Only this handler, with nothing around it. */
  handler?: string;
  /** Nothing can be run. */
  readOnly?: boolean;
  /** Default: `auto`. */
  theme?: Theme;
};

/** How somebody lets the page in where the gateway wants a token. */
export type Access = {
  /** Whether it was refused what it showed. */
  isWrong: boolean;
  /** Connects anew, with this token. */
  give(token: string): void;
};

/** The state of one mounted page. */
export type PageModel = {
  /** For views that watch something more. */
  readonly socket: WebsocketClient;
  /** The gateway's address. */
  readonly url: string;
  /** Prefix of element ids, unique in the document. */
  readonly id: string;
  /** Whether the window is this page's own: then its keys and its address are too. */
  readonly ownsWindow: boolean;
  /** The theme people choose on the page; none where whoever mounted it decides. */
  readonly themes: ThemeModel | undefined;
  /** Where a token is asked for on the page; none where whoever mounted it has to give one. */
  readonly access: Access | undefined;
  readonly scope: Signal<Scope>;
  readonly catalog: CatalogModel;
  /** What of the catalog is shown; none while it is not known. */
  readonly plugins: ReadonlySignal<PluginEntry[] | undefined>;
  /** What is shown beside them: names in addresses, and titles. A plugin alone has none. */
  readonly views: ReadonlySignal<[name: string, title: string][]>;
  readonly route: RouteModel;
  /** The request type or view that is shown; empty for none. */
  readonly selected: ReadonlySignal<string>;
  /** The bench of the selected handler; none while nothing known is selected. */
  readonly bench: ReadonlySignal<BenchModel | undefined>;
  /** What runs now, by request type. */
  readonly underWay: ReadonlySignal<ReadonlyMap<string, readonly RunModel[]>>;
  /** Stops listening; runs end with the connection. */
  dispose(): void;
};

/** What a page stands on. */
export type PageModelOptions = {
  socket: WebsocketClient;
  makeBackendRequest: MakeBackendRequest;
  window: HashSource;
  scope?: Scope;
  themes?: ThemeModel;
  access?: Access;
  ownsWindow?: boolean;
  /** Calls back before the page is drawn next. */
  schedule(callback: () => void): void;
  /** Where inputs are kept; throws where the browser allows none. */
  storage(): InputStorage;
  /** Prefix of element ids, unique in the document. */
  id: string;
};

/** Makes the state of a page and starts to listen. */
export const createPageModel = (options: PageModelOptions): PageModel => {
  const { socket, makeBackendRequest, themes, access, ownsWindow = false, schedule, id } = options;
  const scope = signal(options.scope ?? {});
  const catalog = createCatalogModel(socket);
  const route = createRouteModel(options.window);
  // A bench outlives its being selected and its workers: a run goes on, and what was typed stays.
  const saved = createSavedInputs(options.storage, `plugboard ${socket.url}`);
  const benches = signal<ReadonlyMap<string, BenchModel>>(new Map());
  const bench = signal<BenchModel | undefined>();

  const maxBytes = (): number => catalog.gateway.peek().maxPayloadBytes;
  const mayRun = (): boolean => !scope.peek().readOnly;

  const selected = computed(() => scope.value.handler ?? route.selected.value);
  const isShown = (type: string): boolean => {
    const { plugin, handler } = scope.value;
    return handler !== undefined || plugin === undefined || type.startsWith(`${plugin}.`);
  };
  const entry = computed(() => catalog.handlers.value.get(selected.value));

  const show = (type: string, entry: HandlerEntry | undefined, input: string): void => {
    const known = benches.value;
    const before = known.get(type);
    if (entry && before) before.update(entry);
    else if (entry) {
      const options = { makeBackendRequest, schedule, maxBytes, mayRun, saved };
      const made = createBenchModel(entry, { ...options, id: `${id}-${known.size}` });
      benches.value = new Map([...known, [type, made]]);
    }
    bench.value = benches.value.get(type);
    if (input) bench.value?.input.openLink(input);
  };
  const stop = effect(() => {
    const type = isShown(selected.value) ? selected.value : "";
    const input = route.selected.value === type ? route.input.value : "";
    const known = entry.value;
    // What stands in a form changes nothing here.
    untracked(() => show(type, type ? known : undefined, input));
  });
  const underWay = computed(() => {
    const all = [...benches.value].map(([type, { runs }]) =>
      [type, runs.all.value.filter(({ state }) => isUnderWay(state.value))] as const
    );
    return new Map(all.filter(([, runs]) => runs.length > 0));
  });

  return {
    socket,
    url: socket.url,
    id,
    ownsWindow,
    themes,
    access,
    scope,
    catalog,
    plugins: computed(() =>
      catalog.catalog.value?.plugins.filter(({ name }) =>
        scope.value.plugin === undefined || name === scope.value.plugin
      )
    ),
    views: computed(() => scope.value.plugin === undefined ? Object.entries(viewTitles) : []),
    route,
    selected,
    bench,
    underWay,
    dispose() {
      stop();
      for (const one of benches.peek().values()) one.input.dispose();
      route.dispose();
      catalog.dispose();
    },
  };
};
