/** Where a request stands, as its caller can know it. Times are of the caller's clock, in ms. */
export type RequestState =
  /** Waits for the connection. */
  | { at: "unsent"; since: number }
  /** The gateway has it; no worker is known to run it yet. */
  | { at: "sent"; since: number }
  | { at: "running"; since: number; worker: string }
  | { at: "settled" };

/** What can happen to a request, beside the frames that only carry data. */
export type RequestEvent =
  | { on: "sent"; now: number }
  | { on: "started"; now: number; worker: string }
  | { on: "settled" };

/** The next state; what comes too late or twice changes nothing. */
export const transition = (state: RequestState, event: RequestEvent): RequestState => {
  switch (event.on) {
    case "sent":
      return state.at === "unsent" ? { at: "sent", since: event.now } : state;
    case "started":
      return state.at === "sent" || state.at === "running"
        ? { at: "running", since: event.now, worker: event.worker }
        : state;
    case "settled":
      return { at: "settled" };
  }
};
