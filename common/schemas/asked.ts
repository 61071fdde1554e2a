import * as v from "valibot";
import { RequestType } from "./ids.ts";
import { MAX_TIMEOUT_MS } from "./limits.ts";

/** Milliseconds a request may take, from its acceptance to its last frame. */
export const TimeoutMs = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1),
  v.maxValue(MAX_TIMEOUT_MS),
);

/** What a caller may get wrong of a request, beside its payload; apart, as a browser loads no more. */
export const Asked = v.object({ type: RequestType, timeoutMs: v.optional(TimeoutMs) });
