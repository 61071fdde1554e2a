import type { ConfirmChannel, Options } from "amqplib";
import type { Buffer } from "node:buffer";
import { setImmediate as endOfTick } from "node:timers/promises";
import type { Logger } from "../logger.ts";
import type { Connection } from "./connection.ts";
import { keepChannel, unlessClosed } from "./keepChannel.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { sizeLimitOf } from "./sizeLimitOf.ts";
import { declareExchanges } from "./topology.ts";
import type { ConfirmWatch } from "./watchConfirms.ts";

/** A message and where it goes. */
export type Posting = {
  exchange: string;
  key: string;
  body: Buffer;
  properties?: Options.Publish;
  /**
   * What is sent in its place where the broker may have it already: its reader can tell by that.
   * Absent: the same once more, as its reader drops duplicates.
   */
  again?(): Posting;
  /** What is sent in its place where the broker takes no body of its size. Absent: nothing. */
  instead?(limit: number): Buffer[];
};

/**
 * Sends messages in order and at least once: what was not confirmed when a connection was lost is
 * sent again, before anything newer. Readers drop what they have already.
 */
export type Outbox = {
  readonly isOpen: boolean;
  readonly opened: Promise<void>;
  /**
   * Never blocks. When more than the limit is unconfirmed, a message nobody waits for is dropped;
   * one with `onConfirmed` (called once, when the broker has it) never is.
   */
  post(posting: Posting, onConfirmed?: () => void): void;
  /** Waits until everything is confirmed, but no longer than `ms`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
};

/** Options of `createOutbox`. */
export type OutboxOptions = {
  log: Logger;
  confirms: ConfirmWatch;
  count(what: string): void;
  /** Bytes of bodies that may be unconfirmed. Default 64 MiB. */
  limit?: number;
};

type Entry = { posting: Posting; onConfirmed?: () => void; wasSent: boolean };

/** Makes the outbox of a connection: frames, control messages and announcements leave by it. */
export const createOutbox = (
  connection: Connection,
  { log, confirms, count, limit = 64 * 2 ** 20 }: OutboxOptions,
): Outbox => {
  // A Set keeps the order of insertion and forgets in constant time.
  const unconfirmed = new Set<Entry>();
  let bytes = 0;
  let channel: ConfirmChannel | undefined;
  let whenEmpty: (() => void)[] = [];

  const confirmed = (entry: Entry): void => {
    unconfirmed.delete(entry);
    bytes -= entry.posting.body.byteLength;
    entry.onConfirmed?.();
    if (unconfirmed.size > 0) return;
    for (const resolve of whenEmpty) resolve();
    whenEmpty = [];
  };

  const send = (entry: Entry): void => {
    const sentOn = channel;
    if (sentOn === undefined) return;
    if (entry.wasSent && entry.posting.again) {
      bytes -= entry.posting.body.byteLength;
      entry.posting = entry.posting.again();
      bytes += entry.posting.body.byteLength;
    }
    const { exchange, key, body, properties } = entry.posting;
    unlessClosed(() => {
      sentOn.publish(exchange, key, body, properties, (error) => {
        answered();
        if (!error) return confirmed(entry);
        // Lost with its channel, or refused by the broker: a new channel sends all again in order.
        sentOn.close().catch(() => {});
      });
      const answered = confirms.published();
      entry.wasSent = true;
    });
  };

  /** One message that is refused for its size would close every channel it is sent on. */
  const giveUpLarge = (most: number): void => {
    const all = [...unconfirmed];
    unconfirmed.clear();
    for (const entry of all) {
      const { key, body, instead } = entry.posting;
      if (body.byteLength <= most) {
        unconfirmed.add(entry);
        continue;
      }
      count("too_large");
      log.error("RabbitMQ refuses a message for its size.", { key, bytes: body.byteLength, most });
      // In the place of the one there were several, and it is confirmed with the last of them.
      const smaller = instead?.(most) ?? [];
      let left = smaller.length;
      const onConfirmed = entry.onConfirmed && (() => --left === 0 && entry.onConfirmed?.());
      for (const part of smaller) {
        const posting = { ...entry.posting, body: part, instead: undefined };
        unconfirmed.add({ posting, onConfirmed, wasSent: true });
        bytes += part.byteLength;
      }
      if (smaller.length > 0) bytes -= body.byteLength;
      else confirmed(entry);
    }
  };

  const kept = keepChannel(connection, {
    name: "the outbox",
    log,
    async setUp(opened) {
      opened.on("error", (error) => {
        const most = sizeLimitOf(error);
        if (most !== undefined) giveUpLarge(most);
      });
      await declareExchanges(opened);
      channel = opened;
      unconfirmed.forEach(send);
    },
    onLost: () => channel = undefined,
  });

  return {
    get isOpen() {
      return kept.isOpen;
    },
    opened: kept.opened,
    post(posting, onConfirmed) {
      if (onConfirmed === undefined && bytes + posting.body.byteLength > limit) {
        count("outbox_full");
        log.warn("A message was dropped: too much waits for RabbitMQ.", { key: posting.key });
        return;
      }
      const entry = { posting, onConfirmed, wasSent: false };
      unconfirmed.add(entry);
      bytes += posting.body.byteLength;
      send(entry);
    },
    async drain(ms) {
      // What was said in this tick is posted at its end.
      await endOfTick();
      if (unconfirmed.size === 0) return;
      await settlesWithin(new Promise<void>((resolve) => whenEmpty.push(resolve)), ms);
    },
    close: () => kept.close(),
  };
};
