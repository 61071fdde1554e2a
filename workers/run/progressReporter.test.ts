import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import { createProgressReporter } from "./progressReporter.ts";

const createTest = () => {
  const sent: { fraction?: number; message?: string }[] = [];
  return { sent, ...createProgressReporter(({ kind: _, ...told }) => void sent.push(told)) };
};

describe("createProgressReporter", () => {
  it("tells the first report at once, and later only the newest", async () => {
    const { sent, report, flush } = createTest();
    for (let n = 0; n <= 100; n++) report(n / 100, `${n}`);
    assert.deepEqual(sent, [{ fraction: 0, message: "0" }]);
    await until(() => sent.length === 2);
    report(0.5);
    assert.equal(sent.length, 2, "it waits after each that it told");
    flush();
    assert.deepEqual(sent.slice(1), [
      { fraction: 1, message: "100" },
      { fraction: 0.5, message: undefined },
    ]);
  });

  it("tells nothing once it was flushed", () => {
    const { sent, report, flush } = createTest();
    flush();
    report(0.5);
    flush();
    assert.deepEqual(sent, []);
  });

  const table: [unknown, number | undefined][] = [[-1, 0], [7, 1], [NaN, undefined], [Infinity, 1]];
  for (const [fraction, told] of table) {
    it(`tells ${fraction} as ${told}`, () => {
      const { sent, report, flush } = createTest();
      report(fraction as number);
      flush();
      assert.equal(sent[0]?.fraction, told);
    });
  }

  // One frame that cannot be written would take every frame of the same packet with it.
  it("tells a message that is not text, as a plugin in plain JavaScript may give, as text", () => {
    const { sent, report, flush } = createTest();
    report(0.5, 7n as unknown as string);
    flush();
    assert.equal(sent[0]?.message, "7");
  });
});
