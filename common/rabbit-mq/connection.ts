import { type ChannelModel, type ConfirmChannel, connect } from "amqplib";
import type { Logger } from "../logger.ts";
import type { AmqpUrl } from "./amqpUrl.ts";
import { type ConnectionEvent, type ConnectionState, transition } from "./transition.ts";
import { settlesWithin } from "../settlesWithin.ts";

/** One connection to the broker, which comes back by itself after a loss. */
export type Connection = {
  readonly state: ConnectionState;
  /** Opens a channel; waits while the connection is away. Rejects once it is closed. */
  openChannel(): Promise<ConfirmChannel>;
  /** Calls the listener after every change of state, until the connection is closed. */
  onChange(listener: () => void): void;
  /** Breaks it, as a network would; it comes back like any other that was lost. */
  cut(why: string): void;
  /** Resolves within about two seconds, whatever the broker does. */
  close(): Promise<void>;
};

/** Options of `openConnection`. */
export type ConnectionOptions = {
  /** What it is for. The broker's own tools show it. */
  name: string;
  log: Logger;
};

const CONNECT_TIMEOUT_MS = 5_000;
const CLOSE_TIMEOUT_MS = 2_000;

/**
 * Connects to the broker. The first connection must succeed at once; a later loss is recovered
 * for ever, with 0.1 s to 5 s between the tries.
 * @throws Error one sentence: the URL without its password, the reason, the remedy.
 */
export const openConnection = async (
  address: AmqpUrl,
  { name, log }: ConnectionOptions,
): Promise<Connection> => {
  let state: ConnectionState = { status: "connecting" };
  let model: ChannelModel | undefined;
  const listeners = new Set<() => void>();
  const abandon = new AbortController();
  const happened = (event: ConnectionEvent): void => {
    const before = state;
    state = transition(state, event);
    if (state === before) return;
    log.debug(`The ${name} connection is ${state.status}.`);
    for (const listener of listeners) listener();
  };

  const recovering = await connect(address.url, {
    // Without it a lone message takes 40 ms: Nagle's algorithm waits for a delayed ack.
    noDelay: true,
    timeout: CONNECT_TIMEOUT_MS,
    clientProperties: { connection_name: `plugboard ${name}` },
    // Not in amqplib's types, but it hands every option on to the socket: `close` must be able to
    // end an attempt under way.
    ...{ signal: abandon.signal },
    recovery: {
      initialMaxRetries: 0,
      initialDelay: 100,
      maxDelay: 5_000,
      // amqplib listens to a new model only after this, and an error nobody hears is fatal.
      setup: (opened: ChannelModel) => {
        model = opened;
        opened.on("error", () => {});
        return Promise.resolve();
      },
    },
  }).catch((cause) => {
    throw new Error(`RabbitMQ at ${address.shown} cannot be used: ${explain(cause)}`, { cause });
  });

  happened({ kind: "connected" });
  recovering.on("connect", () => {
    log.info(`The ${name} connection to RabbitMQ is back.`);
    happened({ kind: "connected" });
  });
  recovering.on("disconnect", (error) => {
    log.warn(`The ${name} connection to RabbitMQ was lost: ${error.message}.`);
    happened({ kind: "lost" });
  });
  recovering.on("reconnect-scheduled", ({ attempt, error }) => {
    log.debug(`The ${name} connection is tried again.`, { attempt, reason: error.message });
    happened({ kind: "retrying", attempt });
  });
  recovering.on("blocked", (reason) => {
    log.warn(`RabbitMQ accepts no messages for now: ${reason}.`);
    happened({ kind: "blocked", reason });
  });
  recovering.on("unblocked", () => happened({ kind: "unblocked" }));
  // Each is followed by `disconnect`, which says why.
  recovering.on("error", (error) => log.debug(`The ${name} connection failed.`, { error }));
  recovering.on("handler-error", (error, event) => {
    log.error(`A listener of the ${name} connection threw.`, { event, error });
  });

  return {
    get state() {
      return state;
    },
    openChannel: () => recovering.createConfirmChannel(),
    onChange: (listener) => void listeners.add(listener),
    cut: (why) => model && cut(model, why),
    async close() {
      happened({ kind: "closed" });
      listeners.clear();
      if (!(await settlesWithin(recovering.close(), CLOSE_TIMEOUT_MS)) && model) {
        cut(model, "the broker did not answer the goodbye");
      }
      abandon.abort();
    },
  };
};

/** Breaks a connection; amqplib tidies up when its socket fails. */
const cut = (model: ChannelModel, why: string): void => {
  // amqplib's types leave the socket out.
  const { stream } = model.connection as unknown as { stream: { destroy(error: Error): void } };
  stream.destroy(new Error(why));
};

const explain = (error: Error & { code?: unknown }): string => {
  const { message, code } = error;
  if (code === "ECONNREFUSED") {
    return "nothing listens there. Start it, or correct AMQP_URL.";
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return "its host name is not known. Correct AMQP_URL.";
  }
  if (/403|ACCESS.REFUSED/.test(message)) {
    return "it refuses the user name or password. Correct those in AMQP_URL.";
  }
  // The broker's own words are lost there: amqplib expected another answer than a goodbye.
  if (/ConnectionOpenOk.*ConnectionClose/.test(message)) {
    return "it does not let this user into that virtual host. Correct AMQP_URL or the permissions.";
  }
  if (/TIMEDOUT/.test(message) || code === "ETIMEDOUT") {
    return `it did not answer within ${CONNECT_TIMEOUT_MS / 1000} s. Is that RabbitMQ's port?`;
  }
  return `${message || code}. Is that RabbitMQ's port, and amqps:// where it wants TLS?`;
};
