import { createDeadlines } from "../common/createDeadlines.ts";
import { createTransientMap } from "../common/createTransientMap.ts";
import { createIdSource } from "../common/ids.ts";
import type { CallOptions, Response } from "../common/request/types.ts";
import type { ErrorBody } from "../common/schemas/frames.ts";
import type { ConnectionState } from "./connectionState.ts";
import { createRequest, type Request } from "./createRequest.ts";
import type { WebsocketClient } from "./websocketClient.ts";

/** A request under way: await it or iterate over it; `cancel` ends it. */
export type BackendRequest<Result = unknown, Chunk = unknown> = Response<Result, Chunk>;

/** What each request type takes and gives; `Api<typeof plugin>` makes one from plugin files. */
export type AnyApi = Record<string, { payload: unknown; result: unknown; chunk: unknown }>;

/** Calls a handler by its request type. */
export type MakeBackendRequest<A extends AnyApi = AnyApi> = <Type extends keyof A & string>(
  type: Type,
  payload?: A[Type]["payload"],
  options?: CallOptions,
) => BackendRequest<A[Type]["result"], A[Type]["chunk"]>;

/** How many requests may wait for a connection. */
const MAX_UNSENT = 10_000;

/**
 * Makes the function that calls handlers over a connection. Requests made while there is none wait
 * for it, and those under way when it goes are gone on with when it is back, at whichever gateway,
 * all within their own time. Every request settles exactly once: by its `end` or `error` frame, by
 * `cancel`, or by itself shortly after its deadline, with `TIMEOUT`, or with `CONNECTION_LOST` where
 * there was no connection then.
 *
 * @example
 * const makeBackendRequest = createMakeBackendRequest<Api<typeof math>>(socket);
 * const sum = await makeBackendRequest("math.add", { a: 1, b: 2 });
 * for await (const prime of makeBackendRequest("math.primes", { upTo: 100 })) show(prime);
 */
export const createMakeBackendRequest = <A extends AnyApi = AnyApi>(
  socket: WebsocketClient,
): MakeBackendRequest<A> => {
  const requests = createTransientMap<Request>();
  const deadlines = createDeadlines();
  const nextId = createIdSource();

  const onState = (state: ConnectionState): void => {
    for (const [, request] of requests.entries()) {
      if (state.at === "ready") request.send(state);
      else if (state.at === "refused") request.fail(state.error);
      else if (state.at === "idle") request.fail(closed(socket.url));
    }
  };

  socket.subscribe({
    onState,
    onMessage: (message) => {
      if ("id" in message) requests.get(message.id)?.push(message);
    },
    underWay: () =>
      requests.entries().flatMap(([id, { state, granted }]) =>
        state().at === "unsent" ? [] : [{ id, credit: granted() }]
      ),
  });

  const add = (id: string, request: Request): void => {
    requests.set(id, request);
    if (socket.state.at === "ready") return request.send(socket.state);
    if (requests.size > MAX_UNSENT) return request.fail(overloaded(socket.url));
    socket.connect();
  };

  return (type, payload, options = {}) => {
    const id = nextId();
    const onSettled = () => void requests.delete(id);
    const request = createRequest({ socket, deadlines, onSettled }, { id, type, payload, options });
    if (request.state().at === "unsent") add(id, request);
    // The types follow from the plugin's schemas; the worker has checked the values against them.
    return request.response as BackendRequest<A[typeof type]["result"], A[typeof type]["chunk"]>;
  };
};

const closed = (url: string): ErrorBody => ({
  code: "CONNECTION_LOST",
  message: `The connection to ${url} was closed.`,
  retryable: true,
});

const overloaded = (url: string): ErrorBody => ({
  code: "OVERLOADED",
  message: `${MAX_UNSENT} requests wait for a connection to ${url} already.`,
  retryable: true,
  where: { state: "unsent" },
});
