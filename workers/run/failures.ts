import * as v from "valibot";
import type { ErrorBody } from "../../common/schemas/frames.ts";

/** The handler ended, or was given up, after its signal aborted. */
export const stopped = (
  type: string,
  code: "CANCELLED" | "TIMEOUT",
  reason: string,
): ErrorBody => ({
  code,
  message: `${type} was stopped: ${reason}.`,
  retryable: code === "TIMEOUT",
});

/** It was delivered before, and must not start a second time. */
export const workerLost = (type: string): ErrorBody => ({
  code: "WORKER_LOST",
  message: `The worker that ran ${type} was lost, and the handler is not idempotent.`,
  retryable: true,
});

/** Its input did not parse; `details.issues` lists what is wrong by dot path, "" for the whole. */
export const invalidRequest = (type: string, issues: v.BaseIssue<unknown>[]): ErrorBody => {
  const listed = issues.slice(0, 100).map((issue) => ({
    path: v.getDotPath(issue) ?? "",
    message: issue.message,
  }));
  const [first] = listed;
  const place = first?.path ? ` at ${first.path}` : "";
  return {
    code: "INVALID_REQUEST",
    message: `The payload of ${type} is not valid${place}: ${first?.message}`,
    retryable: false,
    details: { issues: listed },
  };
};
