import type { ConsumeMessage } from "amqplib";
import type { ServeOptions, Serving } from "../bus/port.ts";
import { createTickClock } from "../createTickClock.ts";
import { createTransientMap } from "../createTransientMap.ts";
import { errorBody, RequestError } from "../errors.ts";
import { type BusRequest, withTimeLeft } from "../schemas/busMessages.ts";
import { type Frame, isTerminal, runOf } from "../schemas/frames.ts";
import { type Consumption, createConsumption } from "./createConsumption.ts";
import { openIntake, type Settle } from "./intake.ts";
import type { KeptChannel } from "./keepChannel.ts";
import { toBody } from "./messageBody.ts";
import type { Posting } from "./outbox.ts";
import type { Parts } from "./parts.ts";
import { createRequestReader } from "./readRequests.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { EXCHANGES } from "./topology.ts";

/** A registered type. While it is paused it takes no more; what was delivered stays with us. */
export type Registration = Serving & {
  /** Gives back what is not settled; what it still replies is dropped. */
  close(): Promise<void>;
};

/** A request under way, and how all messages that brought it are settled: several after a loss. */
type Running = {
  readonly request: BusRequest;
  readonly message: ConsumeMessage;
  readonly settles: Settle[];
  readonly since: number;
  hasEnded: boolean;
};

/** A request that has lost so many workers is given up. */
const MAX_ATTEMPTS = 3;
const PAUSE_TIMEOUT_MS = 2_000;

/** How a type is served; `before` is awaited on every channel before its first request. */
export type RegisterOptions = ServeOptions & { before(): Promise<void> };

/** Declares the request queue of a type, and serves it on a channel of its own. */
export const registerHandlers = async (
  { keep, outbox, frames, log, count }: Parts,
  type: string,
  { concurrency, onRequest, before }: RegisterOptions,
): Promise<Registration> => {
  const readRequests = createRequestReader(type);
  const now = createTickClock();
  const running = createTransientMap<Running>();
  let isClosed = false;
  let isPaused = false;
  let consuming: Consumption | undefined;

  const fail = (
    { id, attempt = 1, replyTo }: { id: string; attempt?: number; replyTo: string },
    error: RequestError,
    settle: Settle = () => {},
  ): void => {
    const frame: Frame = { kind: "error", id, ...errorBody(error), ...runOf({ attempt }) };
    frames.send(replyTo, frame, () => settle("dead"));
  };

  const settleAll = (id: string, as?: "dead"): void => {
    const { settles = [] } = running.get(id) ?? {};
    running.delete(id);
    for (const settleOne of settles) settleOne(as);
  };

  const reply = (run: Running, frame: Frame, { dead = false } = {}): void => {
    if (run.hasEnded || isClosed) return;
    const { request: { id }, message } = run;
    const ends = isTerminal(frame);
    const onConfirmed = () => settleAll(id, dead ? "dead" : undefined);
    frames.send(message.properties.replyTo, frame, ends ? onConfirmed : undefined);
    run.hasEnded = ends;
  };

  const giveBack = (run: Running, attempt: number): void => {
    if (run.hasEnded || isClosed) return;
    run.hasEnded = true;
    const { request, message, since } = run;
    const left = withTimeLeft({ ...request, attempt }, request.timeoutMs - (now() - since));
    putBack(left, message, (as) => settleAll(request.id, as));
  };

  const run = (request: BusRequest, message: ConsumeMessage, settle: Settle): void => {
    // The run that this one replaces says nothing more.
    const before = running.get(request.id)?.settles ?? [];
    const settles = [...before, settle];
    const one: Running = { request, message, settles, since: now(), hasEnded: false };
    running.set(request.id, one);
    onRequest({
      request,
      reply: (frame, options) => reply(one, frame, options),
      giveBack: (attempt) => giveBack(one, attempt),
    });
  };

  /**
   * Publishes a copy, which says which attempt it is: the flag only says that there was one. Where
   * the broker may have that copy already, the next one says one attempt more, so that no two runs
   * are the same.
   */
  const putBack = (request: BusRequest, message: ConsumeMessage, settle: Settle): void => {
    const since = now();
    const copy = (attempt: number): Posting => {
      const left = withTimeLeft({ ...request, attempt }, request.timeoutMs - (now() - since));
      return {
        exchange: EXCHANGES.requests,
        key: type,
        body: toBody([left]),
        properties: {
          persistent: true,
          replyTo: message.properties.replyTo,
          messageId: request.id,
          expiration: String(left.timeoutMs),
        },
        again: () => copy(attempt + 1),
      };
    };
    outbox.post(copy(request.attempt), settle);
  };

  /** Only this one of a message becomes a dead letter: the others in it have nothing to do with it. */
  const bury = (one: unknown, { properties: { replyTo } }: ConsumeMessage, settle: Settle): void =>
    outbox.post({
      exchange: EXCHANGES.dead,
      key: type,
      body: toBody([one]),
      properties: { persistent: true, replyTo },
    }, settle);

  const take = (message: ConsumeMessage, open: (requests: number) => Settle): void => {
    const { requests, broken, replyTo } = readRequests(message);
    const parts = requests.length + broken.length;
    const settleOne = open(parts);
    const settleAs = (one: unknown): Settle =>
      parts === 1
        ? settleOne
        : (as) => as === "dead" ? bury(one, message, settleOne) : settleOne(as);
    for (const { body, id, problem } of broken) {
      count("unparsable_request");
      const said = "A request that does not parse goes to the dead letters.";
      log.warn(said, { type, requestId: id, problem });
      settleAs(body)("dead");
      if (id === undefined || replyTo === "") continue;
      const error = new RequestError("INVALID_REQUEST", `The request is broken: ${problem}.`);
      fail({ id, replyTo }, error);
    }
    for (const request of requests) {
      const settle = settleAs(request);
      const known = running.get(request.id);
      // What it said was lost, and it is asked for again.
      const replaces = request.idempotent && !message.fields.redelivered &&
        request.attempt > (known?.request.attempt ?? request.attempt);
      // Else the connection was cut while it ran here, and it runs still: nothing was lost.
      if (known && !replaces) known.settles.push(settle);
      else if (request.attempt > MAX_ATTEMPTS) {
        count("worker_lost");
        const said = `The request was given up: it lost ${MAX_ATTEMPTS} workers.`;
        fail({ ...request, replyTo }, new RequestError("WORKER_LOST", said), settle);
      } else if (message.fields.redelivered) putBack(request, message, settle);
      else run(request, message, settle);
    }
  };

  const kept: KeptChannel = await keep({
    name: `requests of ${type}`,
    async setUp(channel) {
      const open = (queue: string) => openIntake(channel, queue, { concurrency, onMessage: take });
      consuming = createConsumption(channel, { type, before, open });
      await consuming.follow(() => isPaused);
    },
    onLost: () => consuming = undefined,
  });
  const follow = async (): Promise<void> => {
    // Where the channel is away there is nothing to change: it comes back as it should be.
    if (consuming) await settlesWithin(consuming.follow(() => isPaused), PAUSE_TIMEOUT_MS);
  };
  return {
    async pause() {
      isPaused = true;
      await follow();
    },
    async resume() {
      isPaused = false;
      await follow();
    },
    async close() {
      isClosed = true;
      await kept.close();
    },
  };
};
