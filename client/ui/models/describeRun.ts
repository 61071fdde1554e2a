import type { RunState } from "./runState.ts";

/** What a run's state means to whoever waits for it. */
export const describeRun = (
  state: RunState,
  { connected, workers }: { connected: boolean; workers: number },
): string => {
  switch (state.at) {
    case "idle":
      return "Not run yet";
    case "queued":
      if (!connected) return "Queued: waiting for the connection";
      return workers === 0 ? "Queued: no worker serves it now" : "Queued: waiting for a worker";
    case "running": {
      const where = state.worker === undefined ? "Running" : `Running on ${state.worker}`;
      // It may have been killed, or be about to stop when this run is over.
      const isUnsure = connected && workers === 0;
      return isUnsure ? `${where}, as far as is known: no worker serves it now` : where;
    }
    default:
      return state.at[0]?.toUpperCase() + state.at.slice(1);
  }
};
