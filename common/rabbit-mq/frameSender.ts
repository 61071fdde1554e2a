import type { Buffer } from "node:buffer";
import { MAX_TOGETHER } from "../bus/togetherOf.ts";
import { encode } from "../codec.ts";
import { errorBody, RequestError } from "../errors.ts";
import { type Frame, runOf } from "../schemas/frames.ts";
import { toBody } from "./messageBody.ts";
import type { Outbox } from "./outbox.ts";
import { MAX_BODY_BYTES, roughSize } from "./roughSize.ts";
import { EXCHANGES } from "./topology.ts";

/** Sends frames to requesters, in order. */
export type FrameSender = {
  /** `onConfirmed` is called once, when the broker has the frame; such a frame is never dropped. */
  send(replyTo: string, frame: Frame, onConfirmed?: () => void): void;
};

/** Frames that leave together, and who is told when the broker has them. */
type Bundle = { frames: Frame[]; listeners: (() => void)[]; bytes: number };

/**
 * Makes a sender on an outbox. What is said to one requester within one tick shares a message, up
 * to 256 frames or about 256 KiB: under load a tick answers many requests, and each message costs
 * both processes and the broker far more than a frame in it. There is no timer, and nothing waits
 * for an earlier message: a lone frame leaves at the end of its own tick.
 */
export const createFrameSender = (outbox: Pick<Outbox, "post">): FrameSender => {
  const bundles = new Map<string, Bundle>();

  const leave = (replyTo: string): void => {
    const { frames, listeners } = bundles.get(replyTo)!;
    bundles.delete(replyTo);
    const onConfirmed = (): void => {
      for (const listener of listeners) listener();
    };
    outbox.post({
      exchange: EXCHANGES.frames,
      key: replyTo,
      body: encodeFrames(frames),
      properties: { persistent: true },
      instead: (limit) => frames.map((frame) => withinLimit(frame, limit)),
    }, listeners.length > 0 ? onConfirmed : undefined);
  };

  const leaveAll = (): void => {
    for (const replyTo of [...bundles.keys()]) leave(replyTo);
  };

  const open = (replyTo: string): Bundle => {
    if (bundles.size === 0) setImmediate(leaveAll);
    const bundle: Bundle = { frames: [], listeners: [], bytes: 0 };
    bundles.set(replyTo, bundle);
    return bundle;
  };

  return {
    send(replyTo, frame, onConfirmed) {
      const bytes = roughSize(frame);
      const before = bundles.get(replyTo);
      if (before && before.bytes + bytes > MAX_BODY_BYTES) leave(replyTo);
      const bundle = bundles.get(replyTo) ?? open(replyTo);
      bundle.frames.push(frame);
      bundle.bytes += bytes;
      if (onConfirmed) bundle.listeners.push(onConfirmed);
      if (bundle.frames.length >= MAX_TOGETHER || bundle.bytes >= MAX_BODY_BYTES) leave(replyTo);
    },
  };
};

/** Where one frame cannot be written (a getter of a plugin's that throws), the others still are. */
const encodeFrames = (frames: Frame[]): Buffer => {
  try {
    return toBody(frames);
  } catch {
    return toBody(frames.map(writable));
  }
};

const writable = (frame: Frame): Frame => {
  try {
    encode(frame);
    return frame;
  } catch {
    return failed(frame, new RequestError("INVALID_RESPONSE", "The answer could not be written."));
  }
};

/** A frame by itself, where the broker refused those that were together; or why it is too large. */
const withinLimit = (frame: Frame, limit: number): Buffer => {
  const body = encodeFrames([frame]);
  const bytes = body.byteLength;
  if (bytes <= limit) return body;
  const message = `The answer has ${bytes} bytes; RabbitMQ takes ${limit} at most.`;
  const error = new RequestError("TOO_LARGE", message, { details: { bytes, limit } });
  return toBody([failed(frame, error)]);
};

const failed = (frame: Frame, error: RequestError): Frame => {
  const { id, attempt = 1 } = { attempt: 1, ...frame };
  return { kind: "error", id, ...errorBody(error), ...runOf({ attempt }) };
};
