/**
 * Stands in for `engine.io-client` in the bundles for browsers (`scripts/build.ts`): what the
 * Manager of `socket.io-client` needs of it, over WebSocket alone. The package, with its other
 * transports and the changes between them, makes a bundle 7 KB larger. Deno and Bun use the package.
 * @module
 */

/** What the Manager listens to; the names and the order of arguments are Engine.IO's. */
type EngineEvent = "open" | "data" | "error" | "close";
type Listener = (...args: unknown[]) => void;
type Handshake = { pingInterval: number; pingTimeout: number };

/** Engine.IO's packet types: each text begins with one; bytes are always a message. */
const OPEN = "0";
const PING = "2";
const PONG = "3";
const MESSAGE = "4";

/**
 * One connection to the Engine.IO server at `uri`: `open`, any number of `data`, then `close`; or
 * `error` alone where it did not open. The Manager calls it with `new`.
 */
export const Socket = function (uri: string, { path }: { path: string }) {
  const listeners: Record<string, Set<Listener>> = {};
  let state: "opening" | "open" | "closed" = "opening";
  let patienceMs = 0;
  let silence: ReturnType<typeof setTimeout> | undefined;
  /** When the next ping is overdue, by the clock: timers stand still while a device sleeps. */
  let overdueAt = Infinity;

  const emit = (event: EngineEvent, ...args: unknown[]): void => {
    for (const listener of [...listeners[event] ?? []]) listener(...args);
  };

  const end = (reason: string, cause?: unknown): void => {
    const wasOpen = state === "open";
    if (state === "closed") return;
    state = "closed";
    clearTimeout(silence);
    globalThis.removeEventListener?.("offline", onOffline);
    ws?.close();
    if (wasOpen) emit("close", reason, cause);
    else emit("error", new Error(reason, { cause }));
  };
  // What the operating system knows at once shows in a connection only after a while.
  const onOffline = (): void => end("transport close");

  const awaitPing = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => end("ping timeout"), patienceMs);
    overdueAt = Date.now() + patienceMs;
  };

  const onOpen = ({ pingInterval, pingTimeout }: Handshake): void => {
    patienceMs = pingInterval + pingTimeout;
    state = "open";
    awaitPing();
    emit("open");
  };

  const onText = (text: string): void => {
    const data = text.slice(1);
    switch (text[0]) {
      case OPEN:
        return onOpen(JSON.parse(data));
      case PING:
        ws?.send(PONG);
        return awaitPing();
      case MESSAGE:
        return emit("data", data);
    }
  };

  const connect = (): WebSocket | undefined => {
    try {
      const at = new URL(`${path}/?EIO=4&transport=websocket`, uri.replace(/^http/, "ws"));
      const made = new WebSocket(at);
      made.binaryType = "arraybuffer";
      made.onmessage = ({ data }) => {
        if (state === "closed") return;
        if (typeof data === "string") onText(data);
        else emit("data", data);
      };
      made.onerror = (event) => end("websocket error", event);
      made.onclose = (event) => end("transport close", event);
      return made;
    } catch (error) {
      // A page over HTTPS may not, for one. The Manager listens only when this call is over.
      queueMicrotask(() => end("websocket error", error));
    }
  };

  const ws = connect();
  globalThis.addEventListener?.("offline", onOffline);

  return {
    on: (event: EngineEvent, listener: Listener) =>
      void (listeners[event] ??= new Set()).add(listener),
    off: (event: EngineEvent, listener: Listener) => void listeners[event]?.delete(listener),
    write: (data: string | Uint8Array<ArrayBuffer>) =>
      ws?.send(typeof data === "string" ? MESSAGE + data : data),
    close: () => end("forced close"),
    /** Asked before each message, so that it waits for the next connection where this one is dead. */
    _hasPingExpired(): boolean {
      const isOverdue = Date.now() > overdueAt;
      if (isOverdue) queueMicrotask(() => end("ping timeout"));
      return isOverdue;
    },
  };
};

/** Gives the Manager its timers. */
export const installTimerFunctions = (manager: object): void => {
  Object.assign(manager, {
    setTimeoutFn: setTimeout.bind(globalThis),
    clearTimeoutFn: clearTimeout.bind(globalThis),
  });
};

/** Where the Manager hands a packet on: what a listener throws there does not close the connection. */
export const nextTick = (task: () => void): void => queueMicrotask(task);
