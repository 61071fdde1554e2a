import * as v from "valibot";
import { TOLD, type Told } from "../../../common/schemas/topics.ts";
import type { WebsocketClient } from "../../websocketClient.ts";

/** What a watcher hears. */
export type TopicListener<Name extends keyof Told> = {
  /** It is asked for anew, so all there is comes again. */
  onWatch?(): void;
  onTold(told: Told[Name]): void;
};

/** Watches a topic whenever there is a connection, until the function it returns is called. */
export const watchTopic = <Name extends keyof Told>(
  socket: WebsocketClient,
  topic: Name,
  { onWatch = () => {}, onTold }: TopicListener<Name>,
): () => void => {
  const watch = (): void => {
    if (socket.state.at !== "ready") return;
    onWatch();
    socket.send({ kind: "watch", topic });
  };
  const unsubscribe = socket.subscribe({
    onState: watch,
    onMessage(message) {
      if (message.kind !== "told" || message.topic !== topic) return;
      const parsed = v.safeParse(TOLD[topic], message.told);
      // The schema is that of the topic, which the types do not follow.
      if (parsed.success) onTold(parsed.output as Told[Name]);
      else console.warn(`What was told of ${topic} was not understood.`, parsed.issues[0].message);
    },
  });
  watch();
  return () => {
    unsubscribe();
    socket.send({ kind: "unwatch", topic });
  };
};
