/** What the broker answers by itself. */
import { RequestError } from "../errors.ts";

/** Its id is in use, by a handler that must not start again. */
export const conflict = (): RequestError =>
  new RequestError("CONFLICT", "A request with this id is still being run.");

/** Whoever serves the type was put out of use. */
export const noWorker = (type: string): RequestError =>
  new RequestError("NO_WORKER", `The plugin of ${type} keeps failing and is out of use for now.`);

/** It lost a worker as often as it may. */
export const workerLost = (type: string): RequestError =>
  new RequestError("WORKER_LOST", `Every worker that ran this request of ${type} was lost.`);

/** Whoever asked has settled it. */
export const neverBegan = (): RequestError =>
  new RequestError("CANCELLED", "It was cancelled, or its time was over, before it began.");
