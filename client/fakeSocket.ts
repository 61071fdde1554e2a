/** What the tests of this folder share. */
import type { ClientMessage } from "../common/schemas/clientMessages.ts";
import type { ErrorBody, Frame } from "../common/schemas/frames.ts";
import type { ConnectionState, Resumed } from "./connectionState.ts";
import type { SocketListener, WebsocketClient } from "./websocketClient.ts";

/** A client with no network: the test says what its connection does, and sees what was sent. */
export const createFakeSocket = ({ maxPayloadBytes = 1_000_000 } = {}) => {
  const listeners = new Set<SocketListener>();
  const sent: ClientMessage[] = [];
  const sizes: number[] = [];
  const asked = { connects: 0 };
  let state: ConnectionState = { at: "idle" };
  const welcomeOf = (gateway: string) => ({
    session: "s",
    gateway,
    timeoutMs: 30_000,
    maxPayloadBytes,
    resumeMs: 30_000,
    task: "deno task",
  });
  const become = (next: ConnectionState): void => {
    state = next;
    for (const listener of [...listeners]) listener.onState?.(next);
  };
  const socket: WebsocketClient = {
    url: "http://gateway.test",
    get state() {
      return state;
    },
    connect() {
      asked.connects++;
      if (state.at === "idle" || state.at === "refused") become({ at: "connecting" });
    },
    send(message, bytes = 0) {
      if (!("welcome" in state)) return false;
      if (message.kind === "request" && state.at !== "ready") return false;
      sent.push(message);
      sizes.push(bytes);
      return true;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    close: () => become({ at: "idle" }),
  };
  return {
    socket,
    sent,
    sizes,
    asked,
    listeners,
    /** The first connection, or one on which everything that is under way was found. */
    ready: (gateway = "g1", resumed?: Resumed) =>
      become({ at: "ready", welcome: welcomeOf(gateway), ...(resumed && { resumed }) }),
    resuming: (gateway = "g1") => become({ at: "resuming", welcome: welcomeOf(gateway) }),
    leave: (gateway = "g1") => become({ at: "leaving", welcome: welcomeOf(gateway) }),
    lose: (reason = "transport close") => become({ at: "connecting", reason }),
    refuse: (error: ErrorBody) => become({ at: "refused", error }),
    /** What would be asked for on a new connection. */
    underWay: () => [...listeners].flatMap((listener) => listener.underWay?.() ?? []),
    /** Hands a frame to everybody who listens. */
    arrive(frame: Frame) {
      for (const listener of [...listeners]) listener.onMessage?.(frame);
    },
  };
};
