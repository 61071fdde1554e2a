import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { until } from "../../tests/harness/until.ts";
import type { Link } from "./link.ts";
import { createMemoryLinks } from "./memoryLink.ts";

const listen = (link: Link) => {
  const heard: unknown[] = [];
  link.open({ onOp: (op) => heard.push(op), onClose: () => heard.push("closed") });
  return heard;
};

describe("createMemoryLinks", () => {
  it("carries ops both ways in order, those too that came before anybody listened", async () => {
    const [left, right] = createMemoryLinks();
    for (const n of [1, 2, 3]) left.send({ n });
    right.send("back");
    const back = listen(left);
    await until(() => back.length === 1);
    const heard = listen(right);
    left.send({ n: 4 });
    await until(() => heard.length === 4);
    assert.deepEqual([heard, back], [[{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], ["back"]]);
  });

  it("hands over copies, bytes included", async () => {
    const [left, right] = createMemoryLinks();
    const sent = { bytes: Uint8Array.of(1, 2), list: [1] };
    const heard = listen(right);
    left.send(sent);
    await until(() => heard.length === 1);
    sent.bytes[0] = 9;
    sent.list.push(2);
    assert.deepEqual(heard, [{ bytes: Uint8Array.of(1, 2), list: [1] }]);
  });

  it("closes both ends once, after what was said before", async () => {
    const [left, right] = createMemoryLinks();
    const [heardLeft, heardRight] = [listen(left), listen(right)];
    left.send("last");
    left.close();
    right.close();
    await until(() => heardLeft.length > 0 && heardRight.length > 1);
    right.send("too late");
    left.close();
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    assert.deepEqual([heardLeft, heardRight], [["closed"], ["last", "closed"]]);
  });
});
