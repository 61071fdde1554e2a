import type { Caller } from "../../common/bus/createCaller.ts";
import type { Logger } from "../../common/logger.ts";
import { sendableFields } from "../../common/payload.ts";
import type { HandlerContext, PluginLog } from "../../common/plugin/types.ts";
import { type BusRequest, callerId } from "../../common/schemas/busMessages.ts";
import type { FrameBody, LogLevel } from "../../common/schemas/frames.ts";
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
  log: Logger;
  send(frame: FrameBody): void;
  progress: HandlerContext["progress"];
};

/** Makes what a handler is given beside its input. */
export const createContext = (options: ContextOptions): HandlerContext => {
  const { request, signal, progress } = options;
  return {
    signal,
    progress,
    log: createPluginLog(options),
    call: createNestedCall(options) as HandlerContext["call"],
    principal: request.principal,
    attempt: request.attempt,
    requestId: callerId(request.id),
  };
};

const createPluginLog = ({ log, send }: ContextOptions): PluginLog => {
  let lines = 0;
  const at = (level: LogLevel) => (message: string, fields?: Record<string, unknown>): void => {
    log[level](message, fields);
    if (lines++ < MAX_CALLER_LINES) {
      send({ kind: "log", level, message: String(message), fields: sendableFields(fields) });
    }
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
};
