import type { CallHandle } from "../../common/bus/createCaller.ts";
import { errorBody, RequestError } from "../../common/errors.ts";
import { measure } from "../../common/payload.ts";
import { createResponse } from "../../common/request/createResponse.ts";
import type { CallOptions, Response } from "../../common/request/types.ts";
import { callerId } from "../../common/schemas/busMessages.ts";
import { DEFAULT_CREDIT } from "../../common/schemas/limits.ts";
import type { ContextOptions } from "./createContext.ts";

/**
 * Makes `call` of one run. A nested request inherits signal, deadline, trace and principal, and its
 * id shows whose it is: `abc.1` is the first call that the request `abc` made.
 */
export const createNestedCall = (
  { request, signal, remainingMs, caller }: Omit<ContextOptions, "log" | "send" | "progress">,
) => {
  const { principal, trace } = request;
  let calls = 0;

  return (type: string, payload?: unknown, options: CallOptions = {}): Response => {
    const again = request.attempt > 1 ? `r${request.attempt}` : "";
    const id = `${request.id}.${++calls}${again}`;
    const left = Math.max(1, Math.ceil(remainingMs()));
    const timeoutMs = Math.min(left, options.timeoutMs ?? left);
    let handle: CallHandle | undefined;

    const { response, push, fail } = createResponse(callerId(id), {
      grant: (n) => handle?.grant(n),
      cancel: (reason) => handle?.cancel(reason),
      onSettled: () => {},
    }, {
      ...options,
      signal: AbortSignal.any([signal, ...(options.signal ? [options.signal] : [])]),
    });

    const size = measure(payload);
    if (size instanceof RequestError) fail(errorBody(size));
    else if (!signal.aborted) {
      const credit = DEFAULT_CREDIT;
      handle = caller.start(
        { id, type, payload, timeoutMs, credit, attempt: 1, principal, trace },
        push,
      );
    }
    return response;
  };
};
