import type { MakeBackendRequest } from "../../makeBackendRequest.ts";

/** One value a handler gave. */
export type HandlerResult = {
  /** The request type. */
  type: string;
  requestId: string;
  /** A chunk or the result; a stream's end has none. */
  value?: unknown;
  /** Whether it is the last one of its request. */
  done: boolean;
};

/** Tells of every value that requests are answered with, in their order. */
export const reportResults = (
  makeBackendRequest: MakeBackendRequest,
  report: (result: HandlerResult) => void,
): MakeBackendRequest =>
(type, payload, options) =>
  makeBackendRequest(type, payload, {
    ...options,
    onResponse(frame) {
      options?.onResponse?.(frame);
      if (frame.kind !== "chunk" && frame.kind !== "end") return;
      const { id, data } = frame;
      try {
        report({ type, requestId: id, value: data, done: frame.kind === "end" });
      } catch (error) {
        reportError(error); // The mistake of whoever listens is none of the run's.
      }
    },
  });
