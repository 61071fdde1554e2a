import * as v from "valibot";
import { RETRYABLE } from "../../common/errors.ts";
import type { ErrorBody } from "../../common/schemas/frames.ts";

/** Why a handler was stopped. */
export type StopCode = "CANCELLED" | "TIMEOUT" | "WORKER_LOST" | "STREAM_BROKEN";

/** The handler ended, or was given up, after its signal aborted. */
export const stopped = (type: string, code: StopCode, reason: string): ErrorBody => ({
  code,
  message: `${type} was stopped: ${reason}.`,
  retryable: RETRYABLE[code],
});

/** It was delivered before, and must not start a second time. */
export const workerLost = (type: string): ErrorBody => ({
  code: "WORKER_LOST",
  message: `The worker that ran ${type} was lost, and the handler is not idempotent.`,
  retryable: true,
});

/** What it answered cannot be put on the bus. */
export const unwritable = (type: string): ErrorBody => ({
  code: "INVALID_RESPONSE",
  message: `${type} gave an answer that cannot be written. The worker's log says more.`,
  retryable: false,
});

/**
 * Its input did not parse; `details.issues` lists what is wrong by dot path, "" for the whole. Where
 * it is no option of a union, what the options have against parts of it is listed too.
 */
export const invalidRequest = (type: string, issues: v.BaseIssue<unknown>[]): ErrorBody => {
  const listed = issues.flatMap((issue) => list(issue)).slice(0, 100);
  const [first] = listed;
  const place = first?.path ? ` at ${first.path}` : "";
  return {
    code: "INVALID_REQUEST",
    message: `The payload of ${type} is not valid${place}: ${first?.message}`,
    retryable: false,
    details: { issues: listed },
  };
};

type Listed = { path: string; message: string };

/** An issue by its place, and those inside its value that it is made of. */
const list = (issue: v.BaseIssue<unknown>, within = ""): Listed[] => {
  const path = [within, v.getDotPath(issue)].filter(Boolean).join(".");
  const inner = (issue.issues ?? []).flatMap((one) => list(one, path));
  return [{ path, message: issue.message }, ...inner.filter((one) => one.path !== path)];
};
