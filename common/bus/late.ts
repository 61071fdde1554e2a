import { RequestError } from "../errors.ts";
import type { BusRequest } from "../schemas/busMessages.ts";
import type { CallState } from "./callState.ts";

/** What a request ends with at its deadline; `workers` is how many serve its type, where known. */
export const late = (
  { request: { type, timeoutMs }, state }: { request: BusRequest; state: CallState },
  workers?: number,
): RequestError => {
  if (state.at === "running") {
    const place = state.worker === undefined ? "" : ` on ${state.worker}`;
    return new RequestError(
      "TIMEOUT",
      `${type} was running${place} for too long (${timeoutMs} ms).`,
    );
  }
  if (workers === 0) {
    return new RequestError(
      "NO_WORKER",
      `No worker that serves ${type} came within ${timeoutMs} ms.`,
    );
  }
  return new RequestError("TIMEOUT", `${type} did not begin or settle within ${timeoutMs} ms.`);
};
