import * as v from "valibot";
import type { WebsocketClient } from "../../client/websocketClient.ts";
import { RequestError } from "../../common/errors.ts";
import { Catalog } from "../../common/schemas/catalog.ts";
import { settlesWithin } from "../../common/settlesWithin.ts";

/** How the catalog is asked for. */
export type FetchOptions = {
  signal: AbortSignal;
  /** Default 10 s. */
  timeoutMs?: number;
};

/**
 * Connects, and gives the first catalog the gateway tells.
 * @throws RequestError `TIMEOUT`, `INVALID_RESPONSE`, or why the gateway refused; the reason of `signal`
 */
export const fetchCatalog = async (
  socket: WebsocketClient,
  { signal, timeoutMs = 10_000 }: FetchOptions,
): Promise<Catalog> => {
  const { promise, resolve, reject } = Promise.withResolvers<Catalog>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  socket.subscribe({
    onState(state) {
      if (state.at === "ready") socket.send({ kind: "watch" });
      if (state.at !== "refused") return;
      reject(new RequestError(state.error.code, state.error.message, state.error));
    },
    onMessage(message) {
      if (message.kind !== "catalog") return;
      const parsed = v.safeParse(Catalog, message.catalog);
      if (parsed.success) return resolve(parsed.output);
      const why = `${socket.url} told a catalog that is not valid: ${parsed.issues[0].message}`;
      reject(new RequestError("INVALID_RESPONSE", why));
    },
  });
  socket.connect();
  if (await settlesWithin(promise, timeoutMs)) return promise;
  throw new RequestError("TIMEOUT", `${socket.url} told no catalog within ${timeoutMs} ms.`);
};

/** The catalog for people: a line per handler; `troubles` has a line per file that did not load. */
export const catalogLines = (
  { plugins, broken }: Catalog,
): { lines: string[]; troubles: string[] } => {
  const handlers = plugins.flatMap((plugin) => plugin.handlers);
  const width = Math.max(0, ...handlers.map(({ type }) => type.length));
  const troubles = broken.map(({ file, line, message }) =>
    `${file}${line === undefined ? "" : `:${line}`} did not load: ${message}`
  );
  if (handlers.length === 0) troubles.unshift("No worker serves any handler.");
  return {
    lines: handlers.map(({ type, streams, title = "" }) =>
      `${type.padEnd(width)}  ${streams ? "stream" : "result"}  ${title}`.trimEnd()
    ),
    troubles,
  };
};
