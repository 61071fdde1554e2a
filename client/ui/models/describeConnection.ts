import type { ConnectionState } from "../../connectionState.ts";

/** What a connection's state means to whoever looks at the page. */
export const describeConnection = (state: ConnectionState): string => {
  switch (state.at) {
    case "idle":
      return "Not connected";
    case "connecting":
      return state.reason === undefined ? "Connecting…" : `No connection (${state.reason})`;
    case "resuming":
      return "Connected, going on where it stopped…";
    case "ready":
      return "Connected";
    case "leaving":
      return "The gateway stops; new requests wait for the next one";
    case "refused":
      return `Refused: ${state.error.message}`;
  }
};
