import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LogRecord } from "../../../common/schemas/topics.ts";
import { createFakeBackend, READY } from "./_fakeBackend.ts";
import { createLogsModel } from "./logsModel.ts";

const line = (n: number, more: Partial<LogRecord> = {}): LogRecord => ({
  ...{ n, time: n, level: "info", message: `line ${n}` },
  ...more,
});

const createTest = () => {
  const { socket, sent, say, moveTo } = createFakeBackend();
  const model = createLogsModel(socket);
  const tell = (records: LogRecord[], skipped = 0) =>
    say({
      ...{ kind: "told", topic: "records" },
      told: { gateway: "g1", level: "info", records, skipped },
    });
  const shown = () => model.shown.value.map(({ n }) => n);
  moveTo(READY);
  return { model, sent, tell, moveTo, shown };
};

describe("the log model", () => {
  it("shows the newest thousand lines, the newest first", () => {
    const { model, sent, tell, shown } = createTest();
    assert.deepEqual(sent, [{ kind: "watch", topic: "records" }]);
    assert.equal(model.written.value, undefined);
    tell([line(1), line(2)]);
    tell([line(3)], 7);
    assert.deepEqual(shown(), [3, 2, 1]);
    assert.deepEqual([model.written.value, model.skipped.value], ["info", 7]);
    tell(Array.from({ length: 1_200 }, (_, n) => line(n + 4)));
    assert.deepEqual([shown().length, shown()[0]], [1_000, 1_203]);
  });

  it("shows what there is anew after a lost connection, and nothing twice", () => {
    const { tell, moveTo, shown } = createTest();
    tell([line(1), line(2)]);
    moveTo({ at: "connecting", reason: "lost" });
    moveTo(READY);
    assert.deepEqual(shown(), [2, 1]);
    tell([line(1), line(2), line(3)]);
    tell([line(4)]);
    assert.deepEqual(shown(), [4, 3, 2, 1]);
  });

  it("shows lines by level, by words in sentence or fields, and by request with what it made", () => {
    const { model, tell, shown } = createTest();
    const of = (requestId: string) => ({ fields: { requestId, code: "TIMEOUT" } });
    tell([
      line(1, { level: "debug" }),
      line(2, of("abc")),
      line(3, { level: "error", ...of("abc.1") }),
      line(4, of("abcd")),
    ]);
    model.level.value = "info";
    assert.deepEqual(shown(), [4, 3, 2]);
    model.request.value = "abc";
    assert.deepEqual(shown(), [3, 2]);
    model.request.value = "";
    model.search.value = " timeout ";
    assert.deepEqual(shown(), [4, 3, 2]);
    model.search.value = "LINE 4";
    assert.deepEqual(shown(), [4]);
  });

  it("keeps still while it is paused, and tells how many lines wait", () => {
    const { model, tell, shown } = createTest();
    tell([line(1)]);
    model.togglePause();
    tell([line(2), line(3, { level: "debug" })]);
    model.level.value = "info";
    assert.deepEqual([shown(), model.waiting.value, model.isPaused.value], [[1], 1, true]);
    model.togglePause();
    assert.deepEqual([shown(), model.waiting.value, model.isPaused.value], [[2, 1], 0, false]);
  });
});
