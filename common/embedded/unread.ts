import * as v from "valibot";
import { errorBody, RequestError } from "../errors.ts";
import { BusRequestId } from "../schemas/ids.ts";
import { type Frame, runOf } from "../schemas/frames.ts";
import { variantOf } from "../schemas/variantOf.ts";

const About = v.object({ id: BusRequestId, attempt: v.fallback(v.optional(v.number(), 1), 1) });
const Unread = variantOf("op", [
  v.object({ op: v.literal("request"), request: About }),
  v.object({ op: v.literal("frame"), frame: About }),
]);

/** What ends a request of which an op was not understood, and whether the op was its request. */
export type Ending = { isRequest: boolean; frame: Frame & { kind: "error" } };

/** Says how a request ends of which this op does not parse, as nobody is to wait for it. */
export const endingOf = (op: unknown): Ending | undefined => {
  const parsed = v.safeParse(Unread, op);
  if (!parsed.success) return undefined;
  const { output } = parsed;
  const isRequest = output.op === "request";
  const { id, attempt } = output.op === "request" ? output.request : output.frame;
  const error = isRequest
    ? new RequestError("INVALID_REQUEST", "The request was not understood.")
    : new RequestError("INVALID_RESPONSE", "An answer was not understood.");
  return { isRequest, frame: { kind: "error", id, ...errorBody(error), ...runOf({ attempt }) } };
};
