import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createProgressBar } from "./createProgressBar.ts";

describe("progress bar", () => {
  const draw = (columns?: number) => {
    const written: string[] = [];
    return { written, bar: createProgressBar({ columns, write: (text) => written.push(text) }) };
  };

  it("shows the share, and the message where there is one", () => {
    const { written, bar } = draw();
    bar.show({ fraction: 0 });
    bar.show({ fraction: 0.5, message: "half" });
    bar.show({ fraction: 1 });
    bar.show({ message: "no end known" });
    assert.deepEqual(written, [
      `\r\x1b[K[${"-".repeat(24)}]   0%`,
      `\r\x1b[K[${"#".repeat(12)}${"-".repeat(12)}]  50% half`,
      `\r\x1b[K[${"#".repeat(24)}] 100%`,
      "\r\x1b[K… no end known",
    ]);
  });

  it("stays within one line, whatever the message holds", () => {
    const { written, bar } = draw(40);
    bar.show({ fraction: 0.5, message: `a\nb\x1b[2J${"x".repeat(99)}` });
    assert.equal(written[0], `\r\x1b[K[${"#".repeat(12)}${"-".repeat(12)}]  50% a b [2J`);
  });

  it("is taken away once, and only when it is there", () => {
    const { written, bar } = draw();
    bar.clear();
    bar.show({ fraction: 1 });
    bar.clear();
    bar.clear();
    assert.deepEqual(written.slice(1), ["\r\x1b[K"]);
  });
});
