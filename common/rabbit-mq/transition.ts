/** How a connection to the broker stands. What is sent while it is not `ready` waits. */
export type ConnectionState =
  | { status: "connecting" }
  | { status: "ready" }
  /** The broker takes nothing: it is short of memory or disk, as `reason` says. */
  | { status: "blocked"; reason: string }
  /** It was lost; `attempt` counts the tries to get it back. */
  | { status: "recovering"; attempt: number }
  | { status: "closed" };

/** What may happen to a connection. */
export type ConnectionEvent =
  | { kind: "connected" }
  | { kind: "lost" }
  | { kind: "retrying"; attempt: number }
  | { kind: "blocked"; reason: string }
  | { kind: "unblocked" }
  | { kind: "closed" };

/** The state after an event; the very same object where the event changes nothing. */
export const transition = (state: ConnectionState, event: ConnectionEvent): ConnectionState => {
  if (state.status === "closed") return state;
  const isUp = state.status === "ready" || state.status === "blocked";
  switch (event.kind) {
    case "connected":
      return isUp ? state : { status: "ready" };
    case "lost":
      return isUp ? { status: "recovering", attempt: 0 } : state;
    case "retrying":
      return state.status === "recovering" ? { ...state, attempt: event.attempt } : state;
    case "blocked":
      return isUp ? { status: "blocked", reason: event.reason } : state;
    case "unblocked":
      return state.status === "blocked" ? { status: "ready" } : state;
    case "closed":
      return { status: "closed" };
  }
};
