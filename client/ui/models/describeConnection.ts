import type { ConnectionState } from "../../connectionState.ts";

/** What a connection's state means to whoever looks at the page. */
export const describeConnection = (state: ConnectionState): string => {
  switch (state.at) {
    case "idle":
      return "Not connected";
    case "connecting":
      return state.reason === undefined
        ? "Connecting…"
        : `No connection, trying again (${state.reason})`;
    case "ready":
      return "Connected";
    case "refused":
      return `Refused: ${state.error.message}`;
  }
};
