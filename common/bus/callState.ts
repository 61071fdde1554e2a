import type { Where } from "../schemas/frames.ts";

/** Where a request on the bus stands, as its requester knows it. Times in ms of its own clock. */
export type CallState =
  /** No worker has said that it runs it. */
  | { at: "queued"; since: number }
  | { at: "running"; since: number; queuedAt: number; worker: string }
  | { at: "settled" };

/** What can happen to it. */
export type CallEvent = { on: "started"; now: number; worker: string } | { on: "settled" };

/** The next state; what comes too late or twice changes nothing, but a second run is a new one. */
export const transition = (state: CallState, event: CallEvent): CallState => {
  if (state.at === "settled" || event.on === "settled") return { at: "settled" };
  const { now, worker } = event;
  const queuedAt = state.at === "queued" ? state.since : state.queuedAt;
  return { at: "running", since: now, queuedAt, worker };
};

/** The state as a failure tells it; `workers` is how many serve the type now. */
export const toWhere = (
  state: CallState,
  { now, workers }: { now: number; workers?: number },
): Where => {
  if (state.at === "settled") return { state: "sent" };
  if (state.at === "queued") {
    return { state: "queued", workers, elapsedMs: Math.round(now - state.since) };
  }
  return { state: "running", worker: state.worker, elapsedMs: Math.round(now - state.since) };
};
