import type { Channel, ConsumeMessage } from "amqplib";
import { togetherOf } from "../bus/togetherOf.ts";
import { consume, unlessClosed } from "./keepChannel.ts";

/**
 * How the AMQP message is settled that brought a request; to be called once for each of its
 * requests, and with "dead" only where there is one.
 */
export type Settle = (as?: "dead") => void;

/** A queue of requests that is consumed. */
export type Intake = {
  /** Takes no more; what was delivered stays. */
  stop(): Promise<void>;
};

/** Options of `openIntake`. */
export type IntakeOptions = {
  /** How many requests this worker runs at the same time. */
  concurrency: number;
  /** `open` must be called, with how many requests there are in the message. */
  onMessage(message: ConsumeMessage, open: (requests: number) => Settle): void;
};

/** One consumer, and how many messages it may hold at most and does. */
type Inlet = { tag?: string; slots: number; held: number };

/**
 * Consumes a queue whose messages bring one request each, or several, so that this worker holds
 * about as many requests as it can run. The broker counts messages only, and as many places as
 * there may be requests would let it pile bunches up here while other workers have nothing to do.
 * So places are opened by consumers, as each has a count of its own: one stays, with places
 * for full bunches; more come while requests are fewer than may run and no place is free, and go
 * when there are more. Where nothing is bunched, this holds exactly as many as it can run.
 */
export const openIntake = async (
  channel: Channel,
  queue: string,
  { concurrency, onMessage }: IntakeOptions,
): Promise<Intake> => {
  const inlets = new Set<Inlet>();
  let requests = 0;
  let requestsPerMessage = 1;
  let isGrowing = false;
  let isStopped = false;

  const openInlet = async (slots: number): Promise<void> => {
    const inlet: Inlet = { slots, held: 0 };
    inlets.add(inlet);
    // It counts for the consumers that come after it, for each by itself.
    await channel.prefetch(slots);
    inlet.tag = await consume(channel, queue, {
      onMessage: (message) => onMessage(message, (parts) => open(message, inlet, parts)),
    });
    if (isStopped) await channel.cancel(inlet.tag);
  };

  const open = (message: ConsumeMessage, inlet: Inlet, parts: number): Settle => {
    let left = parts;
    inlet.held++;
    requests += parts;
    requestsPerMessage += (parts - requestsPerMessage) / 8;
    adjust();
    return (as) => {
      requests--;
      if (--left === 0) {
        inlet.held--;
        unlessClosed(() =>
          as === "dead" ? channel.nack(message, false, false) : channel.ack(message)
        );
      }
      adjust();
    };
  };

  const adjust = (): void => {
    if (isStopped) return;
    if (requests > concurrency) return shrink();
    if (requests === concurrency || isGrowing) return;
    for (const { slots, held } of inlets) if (held < slots) return;
    isGrowing = true;
    openInlet(Math.ceil((concurrency - requests) / requestsPerMessage))
      // Where the channel is lost, all of this is opened anew on the next.
      .then(() => isGrowing = false, () => {});
  };

  const shrink = (): void => {
    const [, ...extra] = inlets;
    for (const inlet of extra) {
      if (inlet.tag === undefined) continue;
      inlets.delete(inlet);
      cancel(inlet.tag).catch(() => {});
    }
  };

  const cancel = async (tag: string): Promise<void> => void await channel.cancel(tag);

  await openInlet(Math.ceil(concurrency / togetherOf(concurrency)));
  return {
    async stop() {
      isStopped = true;
      const tags = [...inlets].flatMap(({ tag }) => tag ?? []);
      await Promise.all(tags.map(cancel));
    },
  };
};
