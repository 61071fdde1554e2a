import type { RunState } from "./runState.ts";

/** What a run's state means to whoever waits for it. */
export const describeRun = (
  state: RunState,
  { connected, workers }: { connected: boolean; workers: number },
): string => {
  switch (state.at) {
    case "idle":
      return "Not run yet";
    case "sent":
      if (!connected) return "Waiting for the connection";
      return workers === 0 ? "Queued: no worker serves it now" : "Sent, waiting for a worker";
    case "running":
      return state.worker === undefined ? "Running" : `Running on ${state.worker}`;
    case "succeeded":
      return "Succeeded";
    case "failed":
      return "Failed";
    case "cancelled":
      return "Cancelled";
  }
};
