import { computed, type ReadonlySignal, signal } from "@preact/signals";
import * as v from "valibot";
import { Catalog, type HandlerEntry } from "../../../common/schemas/catalog.ts";
import type { ConnectionState, Welcome } from "../../connectionState.ts";
import type { WebsocketClient } from "../../websocketClient.ts";

/** What a gateway says of itself, and what is taken for granted until one has. */
export type GatewayTold = Pick<Welcome, "maxPayloadBytes" | "resumeMs" | "task">;
const UNTOLD: GatewayTold = { maxPayloadBytes: Infinity, resumeMs: 30_000, task: "deno task" };

/** The live catalog and the connection it comes over. */
export type CatalogModel = {
  readonly connection: ReadonlySignal<ConnectionState>;
  /** What the newest gateway said of itself. */
  readonly gateway: ReadonlySignal<GatewayTold>;
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
  const gateway = signal(UNTOLD);
  const catalog = signal<Catalog | undefined>();

  const unsubscribe = socket.subscribe({
    onState(state) {
      connection.value = state;
      if ("welcome" in state) gateway.value = state.welcome;
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
    gateway,
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
