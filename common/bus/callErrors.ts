/** What the caller answers by itself. */
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

/** What a request ends with of which a chunk did not come. */
export const broken = (type: string): RequestError =>
  new RequestError("STREAM_BROKEN", `A chunk of ${type} was lost on its way.`);

/** What ends all that is under way when nobody here asks any more. */
export const stops = (): RequestError =>
  new RequestError("BUS_UNAVAILABLE", "The process that made the request stops.");

/** Whether the bus had nowhere to put a request. */
export const isNoHandler = (error: unknown): boolean =>
  error instanceof RequestError && error.code === "NO_HANDLER";

/** Why the bus did not take a request. */
export const toRequestError = (error: unknown): RequestError =>
  error instanceof RequestError
    ? error
    : new RequestError("BUS_UNAVAILABLE", "The bus did not take the request.", { cause: error });
