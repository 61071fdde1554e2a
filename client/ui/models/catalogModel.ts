import { computed, type ReadonlySignal, signal } from "@preact/signals";
import * as v from "valibot";
import { Catalog, type HandlerEntry } from "../../../common/schemas/catalog.ts";
import type { ConnectionState } from "../../connectionState.ts";
import type { WebsocketClient } from "../../websocketClient.ts";

/** The live catalog and the connection it comes over. */
export type CatalogModel = {
  readonly connection: ReadonlySignal<ConnectionState>;
  /** The newest one known; it stays while the connection is away. */
  readonly catalog: ReadonlySignal<Catalog | undefined>;
  /** Every handler by its request type. */
  readonly handlers: ReadonlySignal<ReadonlyMap<string, HandlerEntry>>;
  /** How many workers serve a request type. */
  workersFor(type: string): number;
  /** Connects; also after a refusal. */
  connect(): void;
  dispose(): void;
};

/** Watches the catalog over a connection, whenever there is one. */
export const createCatalogModel = (socket: WebsocketClient): CatalogModel => {
  const connection = signal(socket.state);
  const catalog = signal<Catalog | undefined>();

  const unsubscribe = socket.subscribe({
    onState(state) {
      connection.value = state;
      if (state.at === "ready") socket.send({ kind: "watch" });
    },
    onMessage(message) {
      if (message.kind !== "catalog") return;
      const parsed = v.safeParse(Catalog, message.catalog);
      if (parsed.success) catalog.value = parsed.output;
      else console.warn("The catalog was not understood.", parsed.issues[0].message);
    },
  });

  return {
    connection,
    catalog,
    handlers: computed(() => {
      const all = catalog.value?.plugins.flatMap(({ handlers }) => handlers) ?? [];
      return new Map(all.map((handler) => [handler.type, handler]));
    }),
    workersFor: (type) =>
      catalog.value?.workers.filter(({ types }) => types.includes(type)).length ?? 0,
    connect: socket.connect,
    dispose: unsubscribe,
  };
};
