import type { ConsumeMessage } from "amqplib";
import { randomUUID } from "node:crypto";
import * as v from "valibot";
import type { Peer } from "../bus/port.ts";
import { PeerMessage } from "../schemas/peerMessages.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { consume, thenAcknowledge } from "./keepChannel.ts";
import { fromBody, problemOf, toBody } from "./messageBody.ts";
import type { Parts } from "./parts.ts";
import { CONTROL_KEYS, declareControlQueue, EXCHANGES } from "./topology.ts";

/** How many messages of others may be on their way to us unacknowledged. */
const PREFETCH = 256;
const REMOVE_TIMEOUT_MS = 1_000;
/** By then a gateway that is there has answered. */
const ANSWER_MS = 1_000;
/** What is said once: the receiver would miss a frame, or hear nothing of a cancel. */
const NEEDED = new Set<PeerMessage["kind"]>(["relayed", "said", "left"]);

/** Opens a gateway's way to the others: a queue of its own on the control exchange. */
export const openPeer = async (
  { keep, outbox, log, count }: Parts,
  { onMessage }: { onMessage(message: PeerMessage): void },
): Promise<Peer> => {
  const id = randomUUID();

  const take = (message: ConsumeMessage): void => {
    const parsed = v.safeParse(PeerMessage, fromBody(message));
    if (parsed.success) return onMessage(parsed.output);
    count("unparsable_peer_message");
    const problem = problemOf(parsed.issues);
    log.warn("A message of another gateway that does not parse was dropped.", { problem });
  };

  let remove = async (): Promise<void> => {};
  const kept = await keep({
    name: "other gateways",
    async setUp(channel) {
      const keys = [CONTROL_KEYS.gateways, CONTROL_KEYS.gateway(id)];
      const queue = await declareControlQueue(channel, id, keys);
      await channel.prefetch(PREFETCH);
      await consume(channel, queue, {
        onMessage: thenAcknowledge(channel, take),
      });
      remove = async () => void await channel.deleteQueue(queue);
    },
  });
  return {
    id,
    answerMs: ANSWER_MS,
    tell(message, to) {
      const key = to === undefined ? CONTROL_KEYS.gateways : CONTROL_KEYS.gateway(to);
      const posting = {
        ...{ exchange: EXCHANGES.control, key, body: toBody(message) },
        properties: { persistent: true },
      };
      // With a listener it is not dropped, however much waits.
      outbox.post(posting, NEEDED.has(message.kind) ? () => {} : undefined);
    },
    async close() {
      // Where the connection is away, the queue expires by itself.
      await settlesWithin(remove(), REMOVE_TIMEOUT_MS);
      await kept.close();
    },
  };
};
