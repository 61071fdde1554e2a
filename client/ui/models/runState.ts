import type { ErrorBody } from "../../../common/schemas/frames.ts";

/** Why a run failed, and which request it was. */
export type RunError = ErrorBody & { requestId: string };

/** Where a run stands, as the page shows it. Times are of the page's clock, in milliseconds. */
export type RunState =
  | { at: "idle" }
  /** Asked for; no worker is known to run it yet. */
  | { at: "queued"; since: number }
  /** `worker` is unknown when output came before its name. */
  | { at: "running"; since: number; worker?: string }
  | { at: "succeeded" | "cancelled"; elapsedMs: number }
  /** `lost`: what became of it nobody knows; the handler may have done its work. */
  | { at: "failed" | "timed out" | "lost"; elapsedMs: number; error: RunError };

/** What can happen to a run. */
export type RunEvent =
  | { on: "start"; now: number }
  | { on: "started"; worker?: string }
  | { on: "end"; now: number }
  | { on: "error"; now: number; error: RunError };

/** The next state; an event that means nothing where the run stands changes nothing. */
export const transition = (state: RunState, event: RunEvent): RunState => {
  if (event.on === "start") {
    return isUnderWay(state) ? state : { at: "queued", since: event.now };
  }
  if (!isUnderWay(state)) return state;
  if (event.on === "started") {
    const known = state.at === "running" ? state.worker : undefined;
    const worker = event.worker ?? known;
    if (state.at === "running" && worker === known) return state;
    return { at: "running", since: state.since, worker };
  }
  const elapsedMs = event.now - state.since;
  if (event.on === "end") return { at: "succeeded", elapsedMs };
  const { error } = event;
  if (error.code === "CANCELLED") return { at: "cancelled", elapsedMs };
  return { at: FAILURES[error.code] ?? "failed", elapsedMs, error };
};

const FAILURES: Record<string, "timed out" | "lost" | undefined> = {
  TIMEOUT: "timed out",
  WORKER_LOST: "lost",
  CONNECTION_LOST: "lost",
  STREAM_BROKEN: "lost",
};

/** Whether it has no outcome yet. */
export const isUnderWay = (state: RunState): state is RunState & { at: "queued" | "running" } =>
  state.at === "queued" || state.at === "running";

/** Why it failed, if it did. */
export const errorOf = (state: RunState): RunError | undefined =>
  "error" in state ? state.error : undefined;
