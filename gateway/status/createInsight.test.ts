import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger } from "../../common/logger.ts";
import type { LogRecord } from "../../common/schemas/topics.ts";
import { createFakeCaller } from "../session/sessionFixture.ts";
import { createInsight } from "./createInsight.ts";

/** An insight into a caller whose calls the test ends, and what whoever watches would see. */
const createTest = () => {
  const clock = { now: 0 };
  const { caller, calls } = createFakeCaller();
  const lines: string[] = [];
  const log = createLogger({ level: "debug", write: (line) => lines.push(line) });
  const insight = createInsight({ caller, log, now: () => clock.now });
  const request = (id: string) => ({
    id: `s1:${id}`,
    type: "a.b",
    timeoutMs: 1,
    credit: 1,
    attempt: 1,
  });
  const start = (id: string) => {
    insight.caller.start(request(id), () => {});
    return calls.at(-1)!;
  };
  const fail = (id: string, code: string, worker?: string) =>
    start(id).take({
      ...{ kind: "error", id: `s1:${id}`, code, message: "the secret", retryable: false },
      where: { state: "running", worker },
    });
  const seen = (): LogRecord[] => {
    const all: LogRecord[] = [];
    insight.recent.watch({ session: "s", onRecords: ({ records }) => all.push(...records) })();
    return all;
  };
  return { clock, insight, start, fail, seen, lines };
};

describe("createInsight", () => {
  it("counts every request, and notes the failed ones without a word of theirs", () => {
    const { insight, start, fail, seen, lines } = createTest();
    start("r1").take({ kind: "end", id: "s1:r1", seq: 0, data: "the secret" });
    fail("r2", "TIMEOUT", "w1");
    fail("r3", "CANCELLED");
    insight.refused({ id: "r4", type: "a.c" }, "OVERLOADED");
    const { ok, failed, cancelled } = insight.meter.lastMinute();
    assert.deepEqual({ ok, failed, cancelled }, { ok: 1, failed: 2, cancelled: 1 });
    const records = seen();
    assert.deepEqual(records.map(({ level, message }) => `${level} ${message}`), [
      "warn A request of a.b ended: TIMEOUT.",
      "info A request of a.b ended: CANCELLED.",
      "warn A request of a.c ended: OVERLOADED.",
    ]);
    assert.deepEqual(records[0]!.fields, {
      ...{ requestId: "r2", type: "a.b", code: "TIMEOUT", ms: 0, worker: "w1" },
    });
    assert.doesNotMatch(JSON.stringify(records), /secret/);
    assert.deepEqual(lines, [], "the log itself gets no line for each");
  });

  it("notes twenty failures a second, and how many more there were", () => {
    const { clock, fail, seen } = createTest();
    for (let n = 0; n < 50; n++) fail(`r${n}`, "TIMEOUT");
    clock.now = 1_000;
    fail("later", "TIMEOUT");
    const messages = seen().map(({ message }) => message);
    assert.equal(messages.length, 22);
    assert.equal(messages.at(-2), "30 more requests failed within a second.");
  });
});
