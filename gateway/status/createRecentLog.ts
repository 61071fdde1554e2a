import type { LogFields, Logger, LogLine } from "../../common/logger.ts";
import type { LogLevel } from "../../common/schemas/frames.ts";
import type { LogRecord } from "../../common/schemas/topics.ts";

/** What is kept, and what is told at once of what comes while somebody watches. */
const MAX_RECORDS = 1_000;
const MAX_AT_ONCE = 200;
const TELL_MS = 250;
/** Characters of a sentence, and of a field. */
const MAX_MESSAGE = 500;
const MAX_FIELD = 200;

/**
 * The fields that may be seen: ids, names, codes and numbers. Any other could tell of a payload, of
 * what a handler threw, or of a secret.
 */
const FIELDS = new Set([
  ...["requestId", "type", "code", "ms", "timeoutMs", "session", "worker", "reference", "attempt"],
  ...["file", "line", "pid", "signal", "rss", "silentMs", "bytes", "pending", "drainMs"],
  ...["unparsed", "origin", "host", "client"],
]);

/** Who watches, and what to do with what there is for it. */
export type LogWatcher = {
  /** Of the connection that watches: lines that its own page wrote are for it alone. */
  session: string;
  onRecords(told: { records: LogRecord[]; skipped: number }): void;
};

/** The newest lines of a gateway's log, for pages to watch. */
export type RecentLog = {
  /** A line for those who watch alone: the log itself does not get it. */
  note(level: LogLevel, message: string, fields: LogFields): void;
  /** Tells what there is at once, then what comes, until the function it returns is called. */
  watch(watcher: LogWatcher): () => void;
  close(): void;
};

/** A record, and the session that alone may see it, if it is of one. */
type Kept = { record: LogRecord; owner?: unknown };

/** Keeps the newest 1,000 lines of a logger, without what must not be shown to everybody. */
export const createRecentLog = ({ log }: { log: Logger }): RecentLog => {
  const kept: Kept[] = [];
  const watchers = new Map<LogWatcher, { next: number }>();
  let count = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  const add = ({ time, level, message, fields }: LogLine): void => {
    // Words of a plugin; whoever made the request gets them as they are said.
    if (fields.plugin) return;
    const shown = shownOf(fields);
    const text = message.slice(0, MAX_MESSAGE);
    const record = { n: count++, time: time.getTime(), level, message: text, fields: shown };
    kept.push(fields.client ? { record, owner: fields.session } : { record });
    if (kept.length > MAX_RECORDS) kept.shift();
  };

  const tell = (watcher: LogWatcher, { most }: { most: number }): void => {
    const place = watchers.get(watcher)!;
    const missing = count - place.next;
    place.next = count;
    const records = kept.slice(Math.max(0, kept.length - Math.min(missing, most)))
      .filter(({ owner }) => owner === undefined || owner === watcher.session)
      .map(({ record }) => record);
    watcher.onRecords({ records, skipped: Math.max(0, missing - most) });
  };

  const unwatchLog = log.watch(add);

  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
  };

  return {
    note: (level, message, fields) => add({ time: new Date(), level, message, fields }),
    watch(watcher) {
      watchers.set(watcher, { next: count - kept.length });
      tell(watcher, { most: MAX_RECORDS });
      timer ??= setInterval(() => {
        for (const [one, { next }] of watchers) {
          if (next < count) tell(one, { most: MAX_AT_ONCE });
        }
      }, TELL_MS);
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) stop();
      };
    },
    close() {
      unwatchLog();
      watchers.clear();
      stop();
    },
  };
};

const shownOf = (fields: LogFields): LogRecord["fields"] => {
  const shown = Object.entries(fields).flatMap(
    ([name, value]): [string, string | number | boolean][] => {
      if (!FIELDS.has(name)) return [];
      if (typeof value === "string") return [[name, value.slice(0, MAX_FIELD)]];
      return typeof value === "number" || typeof value === "boolean" ? [[name, value]] : [];
    },
  );
  return shown.length === 0 ? undefined : Object.fromEntries(shown);
};
