/** What the tests of the caller share. */
import assert from "node:assert/strict";
import type { BusRequest } from "../schemas/busMessages.ts";
import type { Frame } from "../schemas/frames.ts";
import { createCaller } from "./createCaller.ts";
import type { Bus, Requester } from "./port.ts";

type Test = {
  workers?: number;
  concurrency?: number;
  publish?: Requester["publish"];
};

/** A caller on a bus that does nothing by itself, and what it said there. */
export const createTest = async (
  { workers, concurrency, publish = () => Promise.resolve() }: Test = {},
) => {
  const controls: unknown[] = [];
  let arrive: (frame: Frame) => void = () => {};
  let isBlocked = false;
  let loseFrames = () => {};
  const nothing = () => Promise.resolve();
  const bus: Bus = {
    state: "ready",
    hasConsumer: () => Promise.resolve(true),
    queueDepths: () => Promise.resolve(new Map()),
    openRequester({ onFrame, onFramesLost }) {
      arrive = onFrame;
      loseFrames = onFramesLost!;
      const control: Requester["control"] = (said, { type, worker }) =>
        controls.push({ ...said, type, worker });
      return Promise.resolve({
        get isBlocked() {
          return isBlocked;
        },
        ...{ publish, control, close: nothing },
      });
    },
    openResponder: () => Promise.reject(new Error("not used")),
    openPeer: () => Promise.reject(new Error("not used")),
    watchAnnouncements: nothing,
    close: nothing,
  };
  const caller = await createCaller({
    ...{ bus, workersFor: () => workers, concurrencyFor: () => concurrency },
  });
  const start = (
    id: string,
    timeoutMs = 60_000,
    more: Partial<BusRequest> & { from?: string } = {},
  ) => {
    const frames: Frame[] = [];
    const { from, ...rest } = more;
    const request: BusRequest = { id, type: "a.b", timeoutMs, credit: 1, attempt: 1, ...rest };
    return { frames, ...caller.start(request, (frame) => frames.push(frame), { from }) };
  };
  return {
    caller,
    controls,
    start,
    block: () => void (isBlocked = true),
    arrive: (frame: Frame) => arrive(frame),
    loseFrames: () => loseFrames(),
  };
};

/** The end of a request that answers once. */
export const end = (id: string): Frame => ({ kind: "end", id, seq: 0, data: id });
/** A worker runs it. */
export const started = (id: string, worker = "w1"): Frame & { kind: "started" } => ({
  kind: "started",
  id,
  worker,
});

/** The only frame, which must be an error. */
export const errorOf = (frames: Frame[]) => {
  const error = frames.at(-1);
  assert.ok(error?.kind === "error", JSON.stringify(frames));
  return error;
};
