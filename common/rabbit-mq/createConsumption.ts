import type { Channel } from "amqplib";
import type { Intake } from "./intake.ts";
import { closeChannel } from "./keepChannel.ts";
import { declareRequestQueue } from "./topology.ts";

/** The one intake of a request queue on a channel; the queue is declared before it begins. */
export type Consumption = {
  /**
   * Begins to consume, or ends, as `isPaused` says when its turn comes: one change after the
   * other, so that a channel never consumes twice. Where that fails it rejects and closes the
   * channel, so that its keeper sets it up anew.
   */
  follow(isPaused: () => boolean): Promise<void>;
};

/** Options of `createConsumption`. */
export type ConsumptionOptions = {
  type: string;
  /** What has to be done before the first request may come. */
  before(): Promise<void>;
  open(queue: string): Promise<Intake>;
};

/** Makes the consumption of a new channel; it has not begun. */
export const createConsumption = (
  channel: Channel,
  { type, before, open }: ConsumptionOptions,
): Consumption => {
  let intake: Intake | undefined;
  let last: Promise<void> = Promise.resolve();

  const change = async (isPaused: () => boolean): Promise<void> => {
    if (!isPaused() && intake === undefined) {
      const queue = await declareRequestQueue(channel, type);
      await before();
      if (!isPaused()) intake = await open(queue);
    } else if (isPaused() && intake !== undefined) {
      const old = intake;
      intake = undefined;
      await old.stop();
    }
  };

  return {
    follow(isPaused) {
      const next = last.catch(() => {}).then(() => change(isPaused));
      last = next.catch(async (error) => {
        await closeChannel(channel);
        throw error;
      });
      return last;
    },
  };
};
