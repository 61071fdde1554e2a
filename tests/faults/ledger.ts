import {
  BackendError,
  type CallOptions,
  createMakeBackendRequest,
  type WebsocketClient,
} from "../../client/client.ts";
import { isTerminal } from "../../common/schemas/frames.ts";

/** How one request ended: `ok`, the code of its failure, or `never`. */
export type Outcome = {
  key: string;
  type: string;
  code: string;
  message: string;
  retryable: boolean;
  /** Milliseconds from its making. */
  ms: number;
  /** What it gave: the result, or how many chunks came. */
  value?: unknown;
};

/** What the ledger has against a run. */
export type Totals = {
  sent: number;
  ok: number;
  /** How many failed, by code. */
  errors: Record<string, number>;
  /** Not settled one second after the deadline, and a margin for this very process. */
  never: number;
  /** A second terminal frame, or a chunk that came before. */
  duplicates: number;
  /** Chunks that are missing before one that came, or before the end. */
  gaps: number;
  /** Frames or answers about a request that somebody else made. */
  strangers: number;
};

/** What to ask for, beside the `key` that the ledger adds to every payload. */
export type Ask = { payload?: Record<string, unknown>; options?: CallOptions };

/** A connection whose requests are in the ledger. None of its promises rejects. */
export type LedgerClient = {
  readonly socket: WebsocketClient;
  once(type: string, ask?: Ask): Promise<Outcome>;
  /** `count` chunks are expected; `onChunk` may hold the reader back. */
  stream(
    type: string,
    ask: Ask & { count: number; onChunk?(n: number): void | Promise<void> },
  ): Promise<Outcome>;
};

/** The only judge of a run: what clients saw. */
export type Ledger = {
  open(socket: WebsocketClient): LedgerClient;
  readonly outcomes: readonly Outcome[];
  totals(): Totals;
  /** Resolves when every request made so far has ended, or never will. */
  settled(): Promise<void>;
};

const PROMISED_MS = 1_000;
/** This process makes the load too, and may be slow to see an answer. */
const MARGIN_MS = 1_000;
const TIMEOUT_MS = 20_000;

/** Makes an empty ledger; `prefix` tells the keys of one run from those of another. */
export const createLedger = ({ prefix }: { prefix: string }): Ledger => {
  const outcomes: Outcome[] = [];
  const waiting = new Set<Promise<Outcome>>();
  const seen = { duplicates: 0, gaps: 0, strangers: 0 };
  let made = 0;

  const open: Ledger["open"] = (socket) => {
    const request = createMakeBackendRequest(socket);
    const mine = new Set<string>();
    const ended = new Set<string>();
    socket.subscribe({
      // Before the client's own modules: they would let nothing through after an outcome.
      onMessage(message) {
        if (!("id" in message)) return;
        if (!mine.has(message.id)) seen.strangers++;
        if (!isTerminal(message)) return;
        if (ended.has(message.id)) seen.duplicates++;
        ended.add(message.id);
      },
    });

    type Reading = { response: ReturnType<typeof request>; key: string };
    const ask = (
      type: string,
      { payload, options }: Ask,
      read: (reading: Reading) => Promise<unknown>,
    ): Promise<Outcome> => {
      const key = `${prefix}-${++made}`;
      const since = performance.now();
      const timeoutMs = options?.timeoutMs ?? TIMEOUT_MS;
      const response = request(type, { ...payload, key }, {
        ...options,
        timeoutMs,
      });
      mine.add(response.id);
      const endedAs = (code: string, rest: Partial<Outcome> = {}): Outcome => {
        const ms = performance.now() - since;
        return { key, type, code, message: "", retryable: false, ms, ...rest };
      };
      const { promise: never, resolve } = Promise.withResolvers<Outcome>();
      const giveUp = () => resolve(endedAs("never"));
      const timer = setTimeout(giveUp, timeoutMs + PROMISED_MS + MARGIN_MS);
      const answered = read({ response, key }).then(
        (value) => endedAs("ok", { value }),
        (error) =>
          error instanceof BackendError
            ? endedAs(error.code, { message: error.message, retryable: error.retryable })
            : endedAs("UNTYPED", { message: String(error) }),
      );
      const ended = Promise.race([answered, never]).then((outcome) => {
        clearTimeout(timer);
        waiting.delete(ended);
        outcomes.push(outcome);
        return outcome;
      });
      waiting.add(ended);
      return ended;
    };

    return {
      socket,
      once: (type, what = {}) =>
        ask(type, what, async ({ response, key }) => {
          const value = await response;
          if (isObject(value) && "key" in value && !String(value.key).startsWith(key)) {
            seen.strangers++;
          }
          return value;
        }),
      stream: (type, { payload, options, count, onChunk }) =>
        ask(type, { payload: { ...payload, count }, options }, async ({ response, key }) => {
          let next = 0;
          for await (const chunk of response) {
            if (!isChunk(chunk) || chunk.key !== key) {
              seen.strangers++;
              continue;
            }
            if (chunk.n < next) seen.duplicates++;
            else {
              seen.gaps += chunk.n - next;
              next = chunk.n + 1;
            }
            await onChunk?.(chunk.n);
          }
          seen.gaps += count - next;
          return next;
        }),
    };
  };

  return {
    open,
    outcomes,
    totals() {
      const errors: Record<string, number> = {};
      for (const { code } of outcomes) errors[code] = (errors[code] ?? 0) + 1;
      const { ok = 0, never = 0, ...codes } = errors;
      return { sent: made, ok, never: never + waiting.size, errors: codes, ...seen };
    },
    async settled() {
      while (waiting.size > 0) await Promise.all(waiting);
    },
  };
};

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
const isChunk = (value: unknown): value is { key: string; n: number } =>
  isObject(value) && "key" in value && "n" in value && typeof value.n === "number";
