/** Where a request stands, as its caller can know it. Times are of the caller's clock, in ms. */
export type RequestState =
  /** Waits for the connection. */
  | { at: "unsent"; since: number }
  /** It was sent to this gateway; no worker is known to run it yet. */
  | { at: "sent"; since: number; gateway: string }
  | { at: "running"; since: number; gateway: string; worker: string }
  | { at: "settled" };

/** What can happen to a request, beside the frames that only carry data. */
export type RequestEvent =
  /** For the first time, or anew, where it was lost. */
  | { on: "sent"; now: number; gateway: string }
  | { on: "started"; now: number; worker: string }
  | { on: "settled" };

/** The next state; what comes too late changes nothing. */
export const transition = (state: RequestState, event: RequestEvent): RequestState => {
  if (state.at === "settled" || event.on === "settled") return { at: "settled" };
  if (event.on === "sent") return { at: "sent", since: event.now, gateway: event.gateway };
  if (state.at === "unsent") return state;
  return { at: "running", since: event.now, gateway: state.gateway, worker: event.worker };
};
