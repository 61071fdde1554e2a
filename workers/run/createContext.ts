import { sendableFields } from "../../common/payload.ts";
import type { HandlerContext, PluginLog } from "../../common/plugin/types.ts";
import { callerId } from "../../common/schemas/busMessages.ts";
import type { FrameBody, LogLevel } from "../../common/schemas/frames.ts";
import { MAX_LOG_TEXT } from "../../common/schemas/limits.ts";
import { textOf } from "../../common/textOf.ts";
import { createNestedCall } from "./createNestedCall.ts";
import { createProgressReporter } from "./progressReporter.ts";
import { logOf, remainingMs, type Running, send } from "./running.ts";

/** Lines of one request that reach its caller; the rest are in the worker's log only. */
const MAX_CALLER_LINES = 1_000;

/** Makes what a handler is given beside its input. */
export const createContext = (running: Running): HandlerContext => {
  const { delivery: { request }, aborter: { signal }, deps } = running;
  const say = (body: FrameBody): void => {
    if (!running.isOver) send(running, body);
  };
  const nested = () =>
    running.nested ??= createNestedCall({
      ...{ request, signal, remainingMs: () => remainingMs(running) },
      ...{ caller: deps.caller, maxPayloadBytes: deps.maxPayloadBytes },
    });
  // No getters: for each such object V8 makes a hidden class, which keeps it until a full collection.
  return {
    signal,
    progress(fraction, message) {
      if (running.isOver) return;
      running.progress ??= createProgressReporter((body) => send(running, body));
      running.progress.report(fraction, message);
    },
    log: createPluginLog(running, say),
    // The caller names the type of the result; the other handler's schema has checked it.
    call: ((type, payload, given) => nested().call(type, payload, given)) as HandlerContext["call"],
    principal: request.principal,
    attempt: request.attempt,
    requestId: callerId(request.id),
  };
};

const createPluginLog = (running: Running, say: (body: FrameBody) => void): PluginLog => {
  let lines = 0;
  const at = (level: LogLevel) => (message: string, fields?: Record<string, unknown>): void => {
    const text = textOf(message).slice(0, MAX_LOG_TEXT);
    const written = sendableFields(fields);
    // Its words are the plugin's, and may tell of the payload: who shows a log leaves them out.
    logOf(running)[level](text, { ...written, plugin: true });
    if (lines++ < MAX_CALLER_LINES) say({ kind: "log", level, message: text, fields: written });
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
};
