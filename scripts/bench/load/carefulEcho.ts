import { io } from "socket.io-client";
import * as v from "valibot";
import { createReceipts } from "../../../client/createReceipts.ts";
import { createBatcher } from "../../../common/createBatcher.ts";
import { createDeadlines, type Deadline } from "../../../common/createDeadlines.ts";
import { measure } from "../../../common/payload.ts";
import { Frame } from "../../../common/schemas/frames.ts";
import { type Driver, expect, type Target } from "./driver.ts";

type Waiting = { resolve(answer: unknown): void; deadline: Deadline };

/** Asks the careful echo: what is said in one tick goes together, and all that comes is parsed. */
export const connectCarefulEcho = async ({ url, sockets }: Target): Promise<Driver> => {
  const deadlines = createDeadlines();
  const asks = await Promise.all(Array.from({ length: sockets }, async () => {
    const socket = io(url, { transports: ["websocket"], forceNew: true });
    await new Promise<void>((resolve) => socket.once("connect", resolve));
    const send = createBatcher((messages: unknown[]) => socket.emit("messages", messages));
    const receipts = createReceipts((held) => send({ kind: "received", ...held }));
    const waiting = new Map<string, Waiting>();
    let asked = 0;
    socket.on("frames", (frames: unknown[]) => {
      for (const one of frames) {
        const frame = v.parse(Frame, one);
        const { id } = frame;
        const request = waiting.get(id);
        if (!request || frame.kind !== "end") throw new Error("A frame came unasked.");
        waiting.delete(id);
        deadlines.remove(request.deadline);
        receipts.add(frame);
        request.resolve(frame.data);
      }
    });
    return (payload: unknown): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const id = `r${asked++}`;
        if ("code" in measure(payload)) return reject(new Error("A payload cannot be sent."));
        const late = () => reject(new Error("No answer came."));
        waiting.set(id, { resolve, deadline: deadlines.add(30_000, late) });
        send({ kind: "request", id, type: "bench.add", payload, credit: 1 });
      });
  }));
  return {
    async call(n) {
      const sum = await asks[n % sockets]!({ a: n, b: 1 });
      expect(sum === n + 1, sum);
      return 1;
    },
  };
};
