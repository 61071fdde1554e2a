import { Manager } from "socket.io-client";
import * as v from "valibot";
import { createBatcher } from "../common/createBatcher.ts";
import { pack, unpack } from "../common/packet.ts";
import type { ClientMessage } from "../common/schemas/clientMessages.ts";
import { ErrorBody } from "../common/schemas/frames.ts";
import { GatewayMessage } from "../common/schemas/gatewayMessages.ts";
import { type ConnectionEvent, type ConnectionState, transition } from "./connectionState.ts";
import { createReceipts } from "./createReceipts.ts";

/** Options of `createWebsocketClient`. */
export type WebsocketClientOptions = {
  /** The gateway, such as `http://127.0.0.1:8080`. Default in a browser: where the page is from. */
  url?: string;
  /** Sent with each handshake, such as `{ token }`. */
  auth?: Record<string, unknown>;
};

/** A listener of a client; every part is optional. */
export type SocketListener = {
  onMessage?(message: GatewayMessage): void;
  onState?(state: ConnectionState): void;
  /**
   * Requests that were sent and have no outcome, each with all credit it was granted; asked when a
   * connection is new.
   */
  underWay?(): { id: string; credit: number }[];
};

/** One connection to a gateway, shared by everything in a tab that talks to it. */
export type WebsocketClient = {
  readonly url: string;
  readonly state: ConnectionState;
  /** Connects if it has not; it then reconnects by itself until `close`. */
  connect(): void;
  /**
   * Sends a message with what else is said in this tick; `bytes` is its size, where it is large.
   * False when there is no connection, and for requests when it is not `ready`: then it is dropped.
   */
  send(message: ClientMessage, bytes?: number): boolean;
  /** Listens until the function it returns is called. */
  subscribe(listener: SocketListener): () => void;
  /** Disconnects for good; requests under way are cancelled and settle with `CONNECTION_LOST`. */
  close(): void;
};

/**
 * Makes a client that connects on the first request.
 * @example const socket = createWebsocketClient({ url: "http://127.0.0.1:8080" });
 * @throws TypeError when there is no `url` and no page to take it from, or it is not http(s).
 */
export const createWebsocketClient = (options: WebsocketClientOptions = {}): WebsocketClient => {
  const url = gatewayUrl(options.url);
  const listeners = new Set<SocketListener>();
  let state: ConnectionState = { at: "idle" };
  /** What this client is called, and its secret, once a gateway has said so. */
  let identity: { session: string; token: string } | undefined;
  let resumptions = 0;

  const socket = new Manager(url, {
    autoConnect: false,
    transports: ["websocket"],
    reconnectionDelay: 200,
    reconnectionDelayMax: 3_000,
  }).socket("/", { auth: options.auth });

  const dispatch = (event: ConnectionEvent): void => {
    const before = state;
    state = transition(state, event);
    if (state === before) return;
    for (const listener of [...listeners]) listener.onState?.(state);
  };

  const emit = createBatcher((sized: Sized[]) => {
    const limit = "welcome" in state ? state.welcome.maxPayloadBytes : 0;
    for (const messages of packets(sized, limit)) {
      // Between a loss and its notice Socket.IO would keep the packet and send it after all.
      if (socket.connected) socket.emit("messages", pack(messages));
    }
    // A runtime reads from several sockets in one turn: what their answers lead to leaves together.
  }, { atEndOfTick: globalThis.setImmediate ?? queueMicrotask });

  const send: WebsocketClient["send"] = (message, bytes = 0) => {
    if (!("welcome" in state) || (message.kind === "request" && state.at !== "ready")) return false;
    emit({ message, bytes });
    return true;
  };

  const receipts = createReceipts((held) => void send({ kind: "received", ...held }));

  const onWelcome = ({ token, ...welcome }: GatewayMessage & { kind: "welcome" }): void => {
    const before = identity;
    identity ??= { session: welcome.session, token };
    const { session } = identity;
    dispatch({ on: "welcome", welcome: { ...welcome, session }, resumes: before !== undefined });
    if (before === undefined) return;
    const requests = [...listeners].flatMap((listener) => listener.underWay?.() ?? []);
    send({ kind: "resume", ...before, nth: ++resumptions, requests: receipts.resume(requests) });
  };

  const onMessage = (message: GatewayMessage): void => {
    if ("id" in message) receipts.add(message);
    else if (message.kind === "welcome") onWelcome(message);
    else if (message.kind === "goodbye") dispatch({ on: "goodbye" });
    else if (message.kind === "resumed") {
      const { gateways, lost } = message;
      receipts.forget(lost);
      dispatch({ on: "resumed", resumed: { gateways, lost: new Set(lost) } });
    }
    for (const listener of listeners) listener.onMessage?.(message);
  };

  socket.on("frames", (packet: unknown) => {
    for (const message of readPacket(packet)) {
      const parsed = v.safeParse(GatewayMessage, message);
      if (parsed.success) onMessage(parsed.output);
      else console.warn("A message of the gateway was not understood.", parsed.issues[0].message);
    }
  });
  socket.on("connect_error", (error) => {
    if (socket.active) return dispatch({ on: "failed", reason: error.message });
    dispatch({ on: "refused", error: refusal(error) });
  });
  socket.on("disconnect", (reason) => {
    dispatch({ on: "lost", reason });
    // The gateway closed it on purpose, so Socket.IO does not come back by itself.
    if (reason === "io server disconnect") socket.connect();
  });

  const disconnect = (): void => {
    receipts.stop();
    socket.disconnect();
  };
  // Else the gateway would wait for a page that does not come back.
  const onPageHide = (event: Event): void => {
    if (!(event as PageTransitionEvent).persisted) disconnect();
  };

  return {
    url,
    get state() {
      return state;
    },
    connect() {
      if (state.at !== "idle" && state.at !== "refused") return;
      dispatch({ on: "connect" });
      globalThis.addEventListener?.("pagehide", onPageHide);
      socket.connect();
    },
    send,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close() {
      identity = undefined;
      dispatch({ on: "close" });
      globalThis.removeEventListener?.("pagehide", onPageHide);
      disconnect();
    },
  };
};

type Sized = { message: ClientMessage; bytes: number };

/** Splits what was said in one tick, so that a packet is no larger than the largest payload. */
const packets = (sized: Sized[], limit: number): ClientMessage[][] => {
  const all: ClientMessage[][] = [[]];
  let room = limit;
  for (const { message, bytes } of sized) {
    if (bytes > room && all.at(-1)!.length > 0) {
      all.push([]);
      room = limit;
    }
    all.at(-1)!.push(message);
    room -= bytes;
  }
  return all;
};

const readPacket = (packet: unknown): unknown[] => {
  try {
    return unpack(packet);
  } catch (error) {
    console.warn("A message of the gateway was not understood.", error);
    return [];
  }
};

const gatewayUrl = (url = globalThis.location?.origin): string => {
  if (url === undefined) {
    throw new TypeError("createWebsocketClient needs a url outside a browser.");
  }
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new TypeError(`The url "${url}" must begin with http:// or https://.`);
  }
  return url;
};

const refusal = (error: Error & { data?: unknown }): ErrorBody => {
  const parsed = v.safeParse(ErrorBody, error.data);
  if (parsed.success) return parsed.output;
  return { code: "FORBIDDEN", message: `The gateway refused: ${error.message}`, retryable: false };
};
