import type { ErrorBody } from "../common/schemas/frames.ts";
import type { Notice } from "../common/schemas/gatewayMessages.ts";

/** What a gateway said of itself and of this client. */
export type Welcome = Omit<Notice & { kind: "welcome" }, "kind" | "token">;

/** What became of the requests that were under way before a connection was lost. */
export type Resumed = {
  /** The gateways that had them, and so know what never came to them. */
  gateways: readonly string[];
  /** The ids of those that nobody has. */
  lost: ReadonlySet<string>;
};

/** Where a client's connection stands. */
export type ConnectionState =
  /** Nothing was asked for yet, or `close` was called. */
  | { at: "idle" }
  /** The first connection, or one after a loss; `reason` is why the last attempt failed. */
  | { at: "connecting"; reason?: string }
  /** The gateway looks for what was under way before the loss. */
  | { at: "resuming"; welcome: Welcome }
  /** What is sent goes out. */
  | { at: "ready"; welcome: Welcome; resumed?: Resumed }
  /** The gateway stops: it answers what it has, and new requests wait for the next gateway. */
  | { at: "leaving"; welcome: Welcome }
  /** The gateway will not have this client; trying again would not help. */
  | { at: "refused"; error: ErrorBody };

/** What can happen to a connection. */
export type ConnectionEvent =
  | { on: "connect" }
  /** `resumes`: there was a session before, which is asked for now. */
  | { on: "welcome"; welcome: Welcome; resumes: boolean }
  | { on: "resumed"; resumed: Resumed }
  | { on: "goodbye" }
  | { on: "failed"; reason: string }
  | { on: "lost"; reason: string }
  | { on: "refused"; error: ErrorBody }
  | { on: "close" };

/** The next state; an event that means nothing where the connection stands changes nothing. */
export const transition = (state: ConnectionState, event: ConnectionEvent): ConnectionState => {
  const isUp = state.at === "resuming" || state.at === "ready" || state.at === "leaving";
  switch (event.on) {
    case "connect":
      return state.at === "idle" || state.at === "refused" ? { at: "connecting" } : state;
    case "welcome": {
      const { welcome, resumes } = event;
      return state.at === "connecting" ? { at: resumes ? "resuming" : "ready", welcome } : state;
    }
    case "resumed":
      return state.at === "resuming" || state.at === "ready"
        ? { at: "ready", welcome: state.welcome, resumed: event.resumed }
        : state;
    case "goodbye":
      return isUp ? { at: "leaving", welcome: state.welcome } : state;
    case "failed":
      return state.at === "connecting" ? { at: "connecting", reason: event.reason } : state;
    case "lost":
      return isUp ? { at: "connecting", reason: event.reason } : state;
    case "refused":
      return state.at === "connecting" ? { at: "refused", error: event.error } : state;
    case "close":
      return { at: "idle" };
  }
};
