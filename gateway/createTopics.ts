import type { Topic } from "../common/schemas/clientMessages.ts";
import type { LogLevel } from "../common/schemas/frames.ts";
import type { GatewayMessage } from "../common/schemas/gatewayMessages.ts";
import type { Told } from "../common/schemas/topics.ts";
import type { LiveCatalog } from "./createCatalog.ts";
import type { RecentLog } from "./status/createRecentLog.ts";
import type { StatusFeed } from "./status/createStatusFeed.ts";

/** A client that watches, and the way to it. */
export type TopicWatcher = { session: string; send(message: GatewayMessage): void };

/** What can be watched: each tells what there is, then what comes, until its answer is called. */
export type Topics = Record<Topic, (watcher: TopicWatcher) => () => void>;

/** What the topics are about. */
export type TopicsOptions = {
  /** The gateway's id. */
  gateway: string;
  catalog: LiveCatalog;
  status: StatusFeed;
  recent: RecentLog;
  /** The least grave lines that the gateway writes. */
  level: LogLevel;
};

/** Makes the topics of a gateway. */
export const createTopics = (
  { gateway, catalog, status, recent, level }: TopicsOptions,
): Topics => ({
  catalog({ send }) {
    send({ kind: "catalog", catalog: catalog.current });
    return catalog.subscribe((current) => send({ kind: "catalog", catalog: current }));
  },
  status: ({ send }) => status.watch(teller("status", send)),
  records({ session, send }) {
    const tell = teller("records", send);
    return recent.watch({ session, onRecords: (told) => tell({ gateway, level, ...told }) });
  },
});

const teller =
  <Name extends keyof Told>(topic: Name, send: TopicWatcher["send"]) => (told: Told[Name]): void =>
    send({ kind: "told", topic, told });
