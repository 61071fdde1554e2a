/** What the broker says of a request. */
import { errorBody, type RequestError } from "../errors.ts";
import { withTimeLeft } from "../schemas/busMessages.ts";
import { runOf } from "../schemas/frames.ts";
import type { BrokerOp } from "./ops.ts";
import type { Entry } from "./requestQueue.ts";

/** A delivery; `now` is the time on the broker's clock. */
export const requestOp = ({ request, expiresAt }: Entry<unknown>, now: number): BrokerOp => ({
  op: "request",
  request: withTimeLeft(request, expiresAt - now),
});

/** A cancel of every run, or of `attempt` and those before it. */
export const cancelOp = (id: string, reason: string, attempt?: number): BrokerOp => ({
  op: "control",
  control: { kind: "cancel", id, reason, attempt },
});

/** A failure that the broker tells by itself. */
export const errorOp = (
  { request }: Entry<unknown>,
  error: RequestError,
  { dead = false } = {},
): BrokerOp => ({
  op: "frame",
  frame: { kind: "error", id: request.id, ...errorBody(error), ...runOf(request) },
  dead,
});
