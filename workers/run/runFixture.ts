/** What the tests of this folder share. */
import type { Caller } from "../../common/bus/createCaller.ts";
import { createDeadlines } from "../../common/createDeadlines.ts";
import { createLogger } from "../../common/logger.ts";
import type { AnyHandler } from "../../common/plugin/types.ts";
import type { BusRequest } from "../../common/schemas/busMessages.ts";
import type { Frame } from "../../common/schemas/frames.ts";
import { settlesWithin } from "../../common/settlesWithin.ts";
import { type Run, runRequest } from "./runRequest.ts";

/** A request as a worker gets it. */
export const requestOf = (more: Partial<BusRequest> = {}): BusRequest => ({
  id: "session:r",
  type: "a.b",
  timeoutMs: 60_000,
  credit: 64,
  attempt: 1,
  ...more,
});

/** A caller that only keeps what was started. */
export const createFakeCaller = () => {
  const started: { request: BusRequest; take(frame: Frame): void; cancelled?: string }[] = [];
  const caller: Caller = {
    pending: 0,
    start(request, take) {
      const call: (typeof started)[number] = { request, take };
      started.push(call);
      return { cancel: (reason) => call.cancelled ??= reason, grant: () => {} };
    },
    held: () => 0,
    stop: () => {},
    close: () => Promise.resolve(),
  };
  return { caller, started };
};

const settledRun: Run = {
  attempt: 1,
  abort() {},
  stop() {},
  grant() {},
  done: () => Promise.resolve(),
};

/** Starts a run of a handler; `frames` are what its caller would get, `lines` the worker's log. */
export const startRun = (
  handler: AnyHandler,
  request: Partial<BusRequest> = {},
  { stallMs = 60_000 } = {},
) => {
  const frames: Frame[] = [];
  const lines: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(line) });
  const { caller, started } = createFakeCaller();
  const delivery = {
    request: requestOf(request),
    reply: (frame: Frame) => void frames.push(frame),
  };
  const deps = {
    worker: "w",
    caller,
    deadlines: createDeadlines(),
    now: () => performance.now(),
    log,
    maxPayloadBytes: 10_000,
    stallMs,
  };
  const run = runRequest(delivery, handler, deps) ?? settledRun;
  return {
    ...run,
    frames,
    lines,
    started,
    chunks: () =>
      frames.flatMap((frame) =>
        frame.kind === "chunk" ? [frame.data] : frame.kind === "chunks" ? frame.data : []
      ),
    /** The last frame, once the run is over. */
    async outcome(): Promise<Frame | undefined> {
      if (!await settlesWithin(run.done(), 20_000)) throw new Error("The run did not end.");
      return frames.at(-1);
    },
  };
};
