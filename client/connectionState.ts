import type { ErrorBody } from "../common/schemas/frames.ts";

/** Where a client's connection stands. */
export type ConnectionState =
  /** Nothing was asked for yet, or `close` was called. */
  | { at: "idle" }
  /** The first connection, or one after a loss; `reason` is why the last attempt failed. */
  | { at: "connecting"; reason?: string }
  /** The gateway said `welcome`; what is sent goes out. */
  | { at: "ready"; session: string; timeoutMs: number; maxPayloadBytes: number }
  /** The gateway will not have this client; trying again would not help. */
  | { at: "refused"; error: ErrorBody };

/** What can happen to a connection. */
export type ConnectionEvent =
  | { on: "connect" }
  | { on: "welcome"; session: string; timeoutMs: number; maxPayloadBytes: number }
  | { on: "failed"; reason: string }
  | { on: "lost"; reason: string }
  | { on: "refused"; error: ErrorBody }
  | { on: "close" };

/** The next state; an event that means nothing where the connection stands changes nothing. */
export const transition = (state: ConnectionState, event: ConnectionEvent): ConnectionState => {
  switch (event.on) {
    case "connect":
      return state.at === "idle" || state.at === "refused" ? { at: "connecting" } : state;
    case "welcome": {
      const { session, timeoutMs, maxPayloadBytes } = event;
      return state.at === "connecting"
        ? { at: "ready", session, timeoutMs, maxPayloadBytes }
        : state;
    }
    case "failed":
      return state.at === "connecting" ? { at: "connecting", reason: event.reason } : state;
    case "lost":
      return state.at === "ready" ? { at: "connecting", reason: event.reason } : state;
    case "refused":
      return state.at === "connecting" ? { at: "refused", error: event.error } : state;
    case "close":
      return { at: "idle" };
  }
};
