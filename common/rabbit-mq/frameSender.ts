import type { Buffer } from "node:buffer";
import { encode } from "../codec.ts";
import { errorBody, RequestError } from "../errors.ts";
import { apart, type Frame, runOf } from "../schemas/frames.ts";
import { type Bundler, createBundler } from "./createBundler.ts";
import { toBody } from "./messageBody.ts";
import type { Outbox } from "./outbox.ts";
import { EXCHANGES } from "./topology.ts";

/** Sends frames to requesters, by their ids, in order; those of one tick share a message. */
export type FrameSender = Bundler<Frame>;

/** Makes a sender on an outbox. */
export const createFrameSender = (outbox: Pick<Outbox, "post">): FrameSender =>
  createBundler((key, frames, onConfirmed) =>
    outbox.post({
      exchange: EXCHANGES.frames,
      key,
      body: encodeFrames(frames),
      properties: { persistent: true },
      instead: (limit) =>
        frames.flatMap((frame) => frame.kind === "chunks" ? apart(frame) : [frame])
          .map((frame) => withinLimit(frame, limit)),
    }, onConfirmed)
  );

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
