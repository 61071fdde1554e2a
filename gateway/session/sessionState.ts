/** Where the client of a session is. */
export type SessionState =
  /** Connected to this gateway. */
  | { at: "attached" }
  /** Nowhere, for now; it may come back for a while. */
  | { at: "detached" }
  /** Connected to another gateway, which relays. */
  | { at: "moved"; to: string }
  /** Gone for good: everything it asked for is cancelled. */
  | { at: "closed" };

/** What can happen to it. */
export type SessionEvent =
  /** It is connected here, be it the first time or again. */
  | { on: "attached" }
  | { on: "dropped" }
  | { on: "moved"; to: string }
  /** Another gateway is gone, or has given up a client. */
  | { on: "peerGone" | "peerLeft"; peer: string }
  /** It has been away for too long. */
  | { on: "expired" }
  | { on: "closed" };

/** The next state; what means nothing where it stands changes nothing. */
export const transition = (state: SessionState, event: SessionEvent): SessionState => {
  if (state.at === "closed" || event.on === "closed") return { at: "closed" };
  switch (event.on) {
    case "attached":
      return { at: "attached" };
    case "dropped":
      return state.at === "attached" ? { at: "detached" } : state;
    case "moved":
      return { at: "moved", to: event.to };
    case "peerGone":
      return state.at === "moved" && state.to === event.peer ? { at: "detached" } : state;
    case "peerLeft":
      return state.at === "moved" && state.to === event.peer ? { at: "closed" } : state;
    case "expired":
      return state.at === "detached" ? { at: "closed" } : state;
  }
};
