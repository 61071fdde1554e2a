import type { InferOutput } from "valibot";
import * as v from "valibot";
import { Announcement } from "../schemas/catalog.ts";
import type { WhoIsThere } from "./controlMessages.ts";
import { consume, unlessClosed } from "./keepChannel.ts";
import { fromBody, problemOf, toBody } from "./messageBody.ts";
import type { Parts } from "./parts.ts";
import { CONTROL_KEYS, declareOwnQueue, EXCHANGES } from "./topology.ts";

/** Listens to what workers announce, and asks all of them to announce themselves now. */
export const watchAnnouncements = async (
  { keep, outbox, log, count }: Parts,
  onAnnouncement: (announcement: Announcement) => void,
): Promise<void> => {
  const question: InferOutput<typeof WhoIsThere> = { kind: "whoIsThere" };
  await keep({
    name: "announcements",
    async setUp(channel) {
      const queue = await declareOwnQueue(channel, EXCHANGES.catalog, [""]);
      await consume(channel, queue, {
        onMessage(message) {
          unlessClosed(() => channel.ack(message));
          const parsed = v.safeParse(Announcement, fromBody(message));
          if (parsed.success) return onAnnouncement(parsed.output);
          count("unparsable_announcement");
          const problem = problemOf(parsed.issues);
          log.warn("An announcement that does not parse was dropped.", { problem });
        },
      });
      const body = toBody(question);
      outbox.post({ exchange: EXCHANGES.control, key: CONTROL_KEYS.all, body });
    },
  });
};
