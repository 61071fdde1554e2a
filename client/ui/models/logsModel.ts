import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { isBelow, type LogLevel } from "../../../common/schemas/frames.ts";
import type { LogRecord } from "../../../common/schemas/topics.ts";
import type { WebsocketClient } from "../../websocketClient.ts";
import { watchTopic } from "./watchTopic.ts";

/** Lines that are kept, as many as a gateway keeps. */
const MAX_RECORDS = 1_000;

/** The newest lines of the gateway's log, while somebody looks, and which of them are shown. */
export type LogsModel = {
  /** The least grave lines that the gateway writes; undefined until it is known. */
  readonly written: ReadonlySignal<LogLevel | undefined>;
  /** The least grave lines that are shown. */
  readonly level: Signal<LogLevel>;
  /** Only lines with these words in their sentence or fields, in whatever case. */
  readonly search: Signal<string>;
  /** Only lines about this request and those it made; empty: all. */
  readonly request: Signal<string>;
  /** The lines to show, the newest first. */
  readonly shown: ReadonlySignal<readonly LogRecord[]>;
  readonly isPaused: ReadonlySignal<boolean>;
  /** Lines that came since it was paused. */
  readonly waiting: ReadonlySignal<number>;
  /** Lines that came too fast to be sent. */
  readonly skipped: ReadonlySignal<number>;
  /** Keeps what is shown as it is, or goes on. */
  togglePause(): void;
  dispose(): void;
};

/** Watches the gateway's log until `dispose`. */
export const createLogsModel = (socket: WebsocketClient): LogsModel => {
  const all = signal<readonly LogRecord[]>([]);
  const frozen = signal<readonly LogRecord[] | undefined>();
  const written = signal<LogLevel | undefined>();
  const skipped = signal(0);
  const level = signal<LogLevel>("debug");
  const search = signal("");
  const request = signal("");
  let comesAnew = false;

  const dispose = watchTopic(socket, "records", {
    onWatch: () => comesAnew = true,
    onTold(told) {
      const before = comesAnew ? [] : all.peek();
      all.value = [...before, ...told.records].slice(-MAX_RECORDS);
      skipped.value = told.skipped + (comesAnew ? 0 : skipped.peek());
      written.value = told.level;
      comesAnew = false;
    },
  });

  const isShown = computed(() => {
    const [least, words, id] = [level.value, search.value.trim().toLowerCase(), request.value];
    return (record: LogRecord): boolean =>
      !isBelow(record.level, least) && isAbout(record, id) &&
      (words === "" || textOf(record).includes(words));
  });

  return {
    ...{ written, level, search, request, skipped },
    shown: computed(() => (frozen.value ?? all.value).filter(isShown.value).toReversed()),
    isPaused: computed(() => frozen.value !== undefined),
    waiting: computed(() => {
      if (!frozen.value) return 0;
      const last = frozen.value.at(-1)?.n ?? -1;
      return all.value.filter((record) => record.n > last && isShown.value(record)).length;
    }),
    togglePause() {
      frozen.value = frozen.peek() ? undefined : all.peek();
    },
    dispose,
  };
};

/** A nested request has the id of the one that made it, and its number there. */
const isAbout = ({ fields }: LogRecord, id: string): boolean => {
  const own = fields?.requestId;
  return id === "" || own === id || String(own).startsWith(`${id}.`);
};

const textOf = ({ message, fields = {} }: LogRecord): string =>
  `${message} ${Object.entries(fields).flat().join(" ")}`.toLowerCase();
