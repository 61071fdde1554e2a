import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { ClientMessage, type LogEntry } from "../common/schemas/clientMessages.ts";
import { until } from "../tests/harness/until.ts";
import { createFakeSocket } from "./fakeSocket.ts";
import { createLoggerService } from "./loggerService.ts";

const createTest = (options: { level?: "debug" } = {}) => {
  const fake = createFakeSocket();
  const logger = createLoggerService({ socket: fake.socket, ...options });
  const entries = (): LogEntry[] =>
    fake.sent.flatMap((message) => message.kind === "log" ? message.entries : []);
  return { ...fake, logger, entries };
};

describe("createLoggerService", () => {
  it("sends lines in batches, from its level up, and the last of them when it closes", async () => {
    const { logger, ready, sent, entries } = createTest();
    ready();
    logger.debug("unheard");
    logger.info("one", { n: 1 });
    logger.error("two");
    await until(() => sent.length === 1);
    const lines = entries().map(({ level, message, fields }) => [level, message, fields]);
    assert.deepEqual(lines, [["info", "one", { n: 1 }], ["error", "two", undefined]]);
    logger.warn("last");
    logger.close();
    assert.equal(entries().at(-1)?.message, "last");
  });

  it("keeps the newest 500 lines while there is no connection, and says how many it dropped", () => {
    const { logger, ready, sent, entries } = createTest();
    for (let n = 0; n < 507; n++) logger.info(`line ${n}`);
    assert.deepEqual(sent, []);
    ready();
    const lines = entries().map(({ message }) => message);
    assert.deepEqual([lines.length, lines[0], lines.at(-2)], [501, "line 7", "line 506"]);
    assert.match(lines.at(-1)!, /^7 log lines were dropped/);
    logger.close();
  });

  it("sends only what the gateway takes, and never throws, whatever it is given", () => {
    const { logger, ready, sent, entries } = createTest({ level: "debug" });
    const cycle: Record<string, unknown> = {};
    cycle.cycle = cycle;
    const getter = {
      get broken() {
        throw new Error("a getter that throws");
      },
    };
    const odd: unknown[] = [cycle, getter, null, [1], { n: 1n }, { error: new Error("boom") }];
    for (const fields of odd) logger.info("fields", fields as Record<string, unknown>);
    const texts: unknown[] = [undefined, Symbol("s"), Object.create(null), "x".repeat(9_000)];
    for (const text of texts) logger.debug(text as string);
    ready();
    for (const message of sent) v.parse(ClientMessage, JSON.parse(JSON.stringify(message)));
    assert.equal(entries().length, odd.length + texts.length);
    assert.match(String(entries()[5]?.fields?.error), /boom\n\s+at /);
    logger.close();
  });

  it("tells the socket how large its batches are, so that none closes the connection", () => {
    const { logger, ready, sent, sizes } = createTest();
    for (let n = 0; n < 500; n++) logger.error("x".repeat(4_000), { stack: "y".repeat(4_000) });
    ready();
    assert.ok(sent.length >= 5);
    sent.forEach((message, i) => {
      assert.ok(sizes[i]! >= JSON.stringify(message).length * 0.9, `${sizes[i]} bytes are told of`);
      assert.ok(sizes[i]! <= 1_000_000, "no batch is larger than the largest payload");
    });
    logger.close();
  });

  it("opens a connection for a line, but not one that was refused", () => {
    const { logger, refuse, asked, socket } = createTest();
    logger.info("hello");
    assert.deepEqual([asked.connects, socket.state.at], [1, "connecting"]);
    refuse({ code: "UNAUTHENTICATED", message: "A token!", retryable: false });
    logger.warn("The gateway refused.");
    assert.equal(socket.state.at, "refused");
    logger.close();
  });

  it("logs errors that nobody caught, until it is closed", (t) => {
    if (globalThis.addEventListener === undefined || globalThis.ErrorEvent === undefined) {
      return t.skip("this runtime has no such events");
    }
    const { logger, ready, entries, listeners } = createTest();
    ready();
    const error = new Error("boom");
    const happen = () => {
      const event = new ErrorEvent("error", { error, message: "Uncaught boom", cancelable: true });
      globalThis.addEventListener("error", (given) => given.preventDefault(), { once: true });
      globalThis.dispatchEvent(event);
    };
    happen();
    logger.close();
    happen();
    assert.deepEqual(entries().map(({ message }) => message), ["Uncaught boom"]);
    assert.match(String(entries()[0]?.fields?.stack), /boom/);
    assert.equal(listeners.size, 0);
  });
});
