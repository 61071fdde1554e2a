import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLogger } from "../../common/logger.ts";
import type { LogRecord } from "../../common/schemas/topics.ts";
import { until } from "../../tests/harness/until.ts";
import { createRecentLog } from "./createRecentLog.ts";

/** Runs a test with a log of which the newest lines are kept. */
const withLog = async (test: (given: ReturnType<typeof createTest>) => void | Promise<void>) => {
  const given = createTest();
  try {
    await test(given);
  } finally {
    given.recent.close();
  }
};

const createTest = () => {
  const log = createLogger({ write() {} });
  const recent = createRecentLog({ log });
  const watch = (session = "s1") => {
    const records: LogRecord[] = [];
    const told = { times: 0, skipped: 0 };
    const unwatch = recent.watch({
      session,
      onRecords(given) {
        records.push(...given.records);
        told.times++;
        told.skipped += given.skipped;
      },
    });
    return { records, told, unwatch, messages: () => records.map(({ message }) => message) };
  };
  return { log, recent, watch };
};

describe("createRecentLog", () => {
  it("tells of the newest thousand lines at once, and soon of each that comes", () =>
    withLog(async ({ log, recent, watch }) => {
      for (let n = 0; n < 1_005; n++) log.info(`line ${n}`);
      const { records, messages, unwatch } = watch();
      assert.deepEqual([records.length, records[0]!.message], [1_000, "line 5"]);
      log.child({ requestId: "r" }).warn("next");
      recent.note("error", "noted", { code: "TIMEOUT" });
      await until(() => records.length === 1_002);
      const { n, level, fields } = records.at(-2)!;
      assert.deepEqual({ n, level, fields }, {
        n: 1_005,
        level: "warn",
        fields: { requestId: "r" },
      });
      assert.equal(messages().at(-1), "noted");
      unwatch();
      log.info("unheard");
      const other = watch();
      log.info("last");
      await until(() => other.messages().includes("last"));
      assert.equal(records.length, 1_002);
    }));

  it("says at once when there is nothing yet", () =>
    withLog(({ watch }) => {
      const { told, records } = watch();
      assert.deepEqual([told.times, records.length], [1, 0]);
    }));

  it("shows ids, codes and numbers, and nothing that could tell of a payload or a secret", () =>
    withLog(({ log, watch }) => {
      const secret = "s3cret";
      log.error("The handler failed.", {
        ...{ requestId: "r", type: "a.b", code: "X", ms: 5, reference: "ref", file: "a.ts" },
        ...{ error: new Error(secret), issue: secret, payload: secret, trace: secret },
        ...{ reason: secret, clientFields: { secret }, code2: secret, worker: { secret } },
      });
      const { records } = watch();
      assert.deepEqual(records[0]!.fields, {
        ...{ requestId: "r", type: "a.b", code: "X", ms: 5, reference: "ref", file: "a.ts" },
      });
      assert.doesNotMatch(JSON.stringify(records), /s3cret/);
    }));

  it("shows what a page wrote to that page alone, and what a plugin wrote to nobody", () =>
    withLog(async ({ log, watch }) => {
      log.child({ session: "s1", client: true }).info("mine, from before");
      log.child({ plugin: true, requestId: "r" }).info("words of a plugin");
      const [mine, others] = [watch("s1"), watch("s2")];
      log.child({ session: "s1", client: true }).info("mine");
      log.child({ session: "s1" }).info("of the gateway");
      await until(() => mine.messages().length === 3 && others.messages().length === 1);
      assert.deepEqual(mine.messages(), ["mine, from before", "mine", "of the gateway"]);
      assert.deepEqual(others.messages(), ["of the gateway"]);
    }));

  it("cuts long lines, and says how many were left out of a flood", () =>
    withLog(async ({ log, watch }) => {
      const { records, told } = watch();
      log.info("x".repeat(9_000), { code: "y".repeat(9_000) });
      await until(() => records.length === 1);
      assert.deepEqual([records[0]!.message.length, String(records[0]!.fields!.code).length], [
        500,
        200,
      ]);
      for (let n = 0; n < 700; n++) log.info("flood");
      await until(() => records.length === 201);
      assert.equal(told.skipped, 500);
    }));
});
