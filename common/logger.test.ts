import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger, type LoggerOptions } from "./logger.ts";

const createTest = (options: LoggerOptions = {}) => {
  const lines: string[] = [];
  const now = () => new Date(Date.UTC(2030, 0, 2, 3, 4, 5, 6));
  const log = createLogger({ now, write: (line) => lines.push(line), ...options });
  return { lines, log };
};
const circle = new Error("round and round");
circle.cause = circle;
const cycle: Record<string, unknown> = {};
cycle.cycle = cycle;

describe("createLogger", () => {
  it("writes lines from its level up, with its own fields and those of the line", () => {
    const { lines, log } = createTest({ level: "warn", fields: { worker: "w1" } });
    log.info("unheard");
    log.child({ requestId: "r" }).warn("slow", { ms: 12 });
    assert.deepEqual(lines.map((line) => JSON.parse(line)), [{
      time: "2030-01-02T03:04:05.006Z",
      level: "warn",
      message: "slow",
      worker: "w1",
      requestId: "r",
      ms: 12,
    }]);
  });

  it("tells whoever watches of every line it and its kin write, until that one has enough", () => {
    const { log } = createTest({ fields: { worker: "w1" } });
    const child = log.child({ requestId: "r" });
    const seen: unknown[] = [];
    const unwatch = child.watch(({ level, message, fields }) =>
      seen.push([level, message, fields])
    );
    log.info("one");
    child.debug("below its level");
    log.child({ pid: 7 }).warn("two", { worker: "forged" });
    unwatch();
    child.info("three");
    assert.deepEqual(seen, [["info", "one", { worker: "w1" }], ["warn", "two", {
      worker: "w1",
      pid: 7,
    }]]);
  });

  it("lets no field of a line stand for its time, level, sentence or request", () => {
    const { lines, log } = createTest({ fields: { requestId: "r" } });
    log.info("hello", { time: 0, level: "error", message: "forged", requestId: "forged" });
    const { time, level, message, requestId } = JSON.parse(lines[0]!);
    assert.deepEqual([time.slice(0, 4), level, message, requestId], ["2030", "info", "hello", "r"]);
  });

  it("writes errors with stack and causes, bigints as text, and bytes by their number", () => {
    const error = new Error("outer", { cause: new TypeError("inner") });
    for (const format of ["json", "text"] as const) {
      const { lines, log } = createTest({ format });
      log.error("failed", { error, big: 5n, bytes: new Uint8Array(9) });
      assert.match(lines[0]!, /outer[\s\S]*caused by TypeError: inner/);
      assert.match(lines[0]!, /5/);
      assert.match(lines[0]!, /<9 bytes>/);
    }
  });

  it("writes text that nobody can make look like two lines", () => {
    const { lines, log } = createTest({ format: "text" });
    log.warn("one\ntwo\u2028", { "k\r": "v\u001b[31m", ok: "plain", gone: undefined });
    assert.equal(
      lines[0],
      "03:04:05.006 warn  one\\u000atwo\\u2028 k\\u000d=v\\u001b[31m ok=plain",
    );
  });

  const odd: [string, Record<string, unknown>][] = [
    ["a cycle", { cycle }],
    ["an error that is its own cause", { error: circle }],
    ["something whose text throws", { at: { toJSON: () => assert.fail("no text") } }],
  ];
  for (const format of ["json", "text"] as const) {
    for (const [what, fields] of odd) {
      it(`writes a line with ${what} as ${format}, its sentence included`, () => {
        const { lines, log } = createTest({ format, fields: { requestId: "r1" } });
        log.info("the sentence", fields);
        assert.match(lines[0]!, /the sentence/);
        assert.match(lines[0]!, /r1/);
      });
    }

    it(`writes a sentence that is not text, as a plugin in plain JavaScript may give, as ${format}`, () => {
      const { lines, log } = createTest({ format });
      log.info(new Error("no sentence") as unknown as string);
      assert.match(lines[0]!, /no sentence/);
    });
  }
});
