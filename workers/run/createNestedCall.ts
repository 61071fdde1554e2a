import * as v from "valibot";
import type { Caller, CallHandle } from "../../common/bus/createCaller.ts";
import { errorBody, RequestError, tooLarge } from "../../common/errors.ts";
import { measure } from "../../common/payload.ts";
import { createResponse } from "../../common/request/createResponse.ts";
import type { CallOptions, Response } from "../../common/request/types.ts";
import { type BusRequest, callerId } from "../../common/schemas/busMessages.ts";
import { RequestType } from "../../common/schemas/ids.ts";
import { textOf } from "../../common/textOf.ts";
import { DEFAULT_CREDIT } from "../../common/schemas/limits.ts";

/** Calls that one request may have under way. */
const MAX_CALLS = 1_000;

/** What calls need to know of the run that makes them. */
export type NestedCallOptions = {
  request: BusRequest;
  signal: AbortSignal;
  /** Milliseconds until the deadline. */
  remainingMs(): number;
  caller: Caller;
  maxPayloadBytes: number;
};

/** The calls of one run. */
export type NestedCall = ReturnType<typeof createNestedCall>;

/**
 * Makes `call` for one run. A nested request inherits signal, deadline, trace and principal, and its
 * id shows whose it is: `abc.1` is the first call that the request `abc` made.
 */
export const createNestedCall = (
  { request, signal, remainingMs, caller, maxPayloadBytes }: NestedCallOptions,
) => {
  const { principal, trace } = request;
  const live = new Set<CallHandle>();
  let calls = 0;

  const call = (type: string, payload?: unknown, options: CallOptions = {}): Response => {
    const again = request.attempt > 1 ? `r${request.attempt}` : "";
    const id = `${request.id}.${++calls}${again}`;
    const left = remainingMs();
    const timeoutMs = Math.max(1, Math.ceil(Math.min(left, options.timeoutMs ?? left)));
    const own = options.signal ? [options.signal] : [];
    const combined = AbortSignal.any([signal, ...own]);
    let handle: CallHandle | undefined;

    const { response, push, fail } = createResponse(callerId(id), {
      grant: (n) => handle?.grant(n),
      cancel: (reason) => handle?.cancel(reason),
      onSettled: () => handle && live.delete(handle),
    }, {
      ...options,
      signal: combined,
    });

    const size = v.is(RequestType, type)
      ? measure(payload)
      : new RequestError("INVALID_REQUEST", `call: ${textOf(type)} is no request type.`);
    if (size instanceof RequestError) fail(errorBody(size));
    else if (live.size >= MAX_CALLS) {
      const message = `This request has ${MAX_CALLS} calls under way; wait for some to end.`;
      fail(errorBody(new RequestError("OVERLOADED", message)));
    } else if (size.bytes > maxPayloadBytes) {
      fail(errorBody(tooLarge(`The payload of ${type}`, size.bytes, maxPayloadBytes)));
    } else if (!combined.aborted) {
      const credit = DEFAULT_CREDIT;
      handle = caller.start(
        { id, type, payload, timeoutMs, credit, chunks: true, attempt: 1, principal, trace },
        push,
      );
      live.add(handle);
    }
    return response;
  };

  return {
    call,
    /** Cancels every call that has not settled: nobody is left to take its answer. */
    endCalls(): void {
      for (const handle of [...live]) handle.cancel("the handler that called it has ended");
    },
  };
};
