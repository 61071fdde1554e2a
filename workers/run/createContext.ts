import type { Caller } from "../../common/bus/createCaller.ts";
import type { Logger } from "../../common/logger.ts";
import { sendableFields } from "../../common/payload.ts";
import type { HandlerContext, PluginLog } from "../../common/plugin/types.ts";
import { type BusRequest, callerId } from "../../common/schemas/busMessages.ts";
import type { FrameBody, LogLevel } from "../../common/schemas/frames.ts";
import { MAX_LOG_TEXT } from "../../common/schemas/limits.ts";
import { textOf } from "../../common/textOf.ts";
import { createNestedCall } from "./createNestedCall.ts";

/** Lines of one request that reach its caller; the rest are in the worker's log only. */
const MAX_CALLER_LINES = 1_000;

/** What `createContext` needs to know of a run. */
export type ContextOptions = {
  request: BusRequest;
  signal: AbortSignal;
  /** Milliseconds until the deadline. */
  remainingMs(): number;
  caller: Caller;
  maxPayloadBytes: number;
  log(): Logger;
  send(frame: FrameBody): void;
  progress: HandlerContext["progress"];
};

/** Makes what a handler is given beside its input; `endCalls` cancels what it still calls. */
export const createContext = (
  options: ContextOptions,
): { context: HandlerContext; endCalls(): void } => {
  const { request, signal, progress } = options;
  let nested: ReturnType<typeof createNestedCall> | undefined;
  // No getters: for each such object V8 makes a hidden class, which keeps it until a full collection.
  const context: HandlerContext = {
    signal,
    progress,
    log: createPluginLog(options),
    // The caller names the type of the result; the other handler's schema has checked it.
    call:
      ((type, payload, given) =>
        (nested ??= createNestedCall(options)).call(type, payload, given)) as HandlerContext[
          "call"
        ],
    principal: request.principal,
    attempt: request.attempt,
    requestId: callerId(request.id),
  };
  return { context, endCalls: () => nested?.endCalls() };
};

const createPluginLog = ({ log, send }: ContextOptions): PluginLog => {
  let lines = 0;
  const at = (level: LogLevel) => (message: string, fields?: Record<string, unknown>): void => {
    const text = textOf(message).slice(0, MAX_LOG_TEXT);
    const written = sendableFields(fields);
    // Its words are the plugin's, and may tell of the payload: who shows a log leaves them out.
    log()[level](text, { ...written, plugin: true });
    if (lines++ < MAX_CALLER_LINES) send({ kind: "log", level, message: text, fields: written });
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
};
