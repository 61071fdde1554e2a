import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { DEFAULT_CREDIT } from "../../common/schemas/limits.ts";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { failureOf } from "../harness/failureOf.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);

/** The shortest that may be set. */
const STALL_MS = 2_000;

/** Reads to the end. */
const readOn = async (chunks: AsyncIterator<unknown>): Promise<void> => {
  while (!(await chunks.next()).done);
};

for (const engine of ENGINES) {
  describe(`streams over the ${engine} engine`, () => {
    const { plugin, seen, type } = createTestPlugin();
    const option = skipWithout(engine);
    let system: System;
    before(async () => {
      const settings = { STALL_MS: String(STALL_MS) };
      if (!option.skip) system = await startSystem({ engine, plugins: [plugin], settings });
    });
    after(() => system?.stop());

    it("arrive whole and in order when they are awaited", option, async () => {
      const { request } = system.connect();
      assert.deepEqual(await request(type("count"), { to: 5_000 }), numbers(5_000));
      assert.deepEqual(await request(type("count"), { to: 0 }), []);
    });

    it("arrive whole and in order when they are iterated, several at once", option, async () => {
      const read = async () => {
        const chunks: unknown[] = [];
        for await (const chunk of system.connect().request(type("count"), { to: 1_000 })) {
          chunks.push(chunk);
        }
        assert.deepEqual(chunks, numbers(1_000));
      };
      await Promise.all(Array.from({ length: 6 }, read));
    });

    it("hand every frame to a callback", option, async () => {
      const chunks: unknown[] = [];
      const { promise, resolve } = Promise.withResolvers<number>();
      system.connect().request(type("count"), { to: 500 }, {
        onResponse(frame) {
          if (frame.kind === "chunk") chunks.push(frame.data);
          if (frame.kind === "end") resolve(frame.seq);
        },
      });
      assert.equal(await promise, 500);
      assert.deepEqual(chunks, numbers(500));
    });

    it("stop the generator while nobody reads", option, async () => {
      seen.produced = 0;
      const { request } = system.connect();
      const stream = request(type("count"), { to: 100_000 })[Symbol.asyncIterator]();
      for (let n = 0; n < 10; n++) assert.equal((await stream.next()).value, n);
      await until(() => seen.produced >= DEFAULT_CREDIT);
      // Whatever else was on its way is here by the time another request has gone the whole path.
      for (let n = 0; n < 20; n++) await request(type("echo"), n);
      assert.ok(seen.produced <= 2 * DEFAULT_CREDIT, `${seen.produced} were produced`);
      await stream.return?.();
    });

    for (const { bytes, wait } of [{ bytes: 600_000, wait: 7 }, { bytes: 65_000, wait: 64 }]) {
      it(`let 4 MiB wait at most: ${wait} chunks of ${bytes} bytes`, option, async () => {
        seen.produced = 0;
        const { request } = system.connect();
        const stream = request(type("heavy"), { to: 4 * wait, bytes })[Symbol.asyncIterator]();
        await stream.next();
        await until(() => seen.produced >= wait);
        for (let n = 0; n < 20; n++) await request(type("echo"), n);
        assert.ok(seen.produced <= wait + 3, `${seen.produced} were produced`);
        let count = 1;
        while (!(await stream.next()).done) count++;
        assert.equal(count, 4 * wait);
      });
    }

    for (const handler of ["drip", "dripNested"] as const) {
      it(`end when nobody reads, and only then: ${handler}`, option, async () => {
        const { request } = system.connect();
        const open = async (key: string) => {
          const chunks = request(type(handler), key)[Symbol.asyncIterator]();
          for (let n = 0; n < 3 * DEFAULT_CREDIT; n++) await chunks.next();
          return chunks;
        };
        const slow = await open(`${handler} slow`);
        const stopped = await open(`${handler} stopped`);
        let taken = 3 * DEFAULT_CREDIT;
        while (!seen.aborted.includes(`${handler} stopped`)) {
          assert.equal((await slow.next()).value, taken++);
          await delay(STALL_MS / 4);
        }
        if (handler === "dripNested") {
          await until(() => seen.aborted.includes("(dripNested stopped)"));
        }
        const failure = await failureOf(readOn(stopped));
        assert.deepEqual([failure.code, failure.retryable], ["STREAM_BROKEN", true]);
        assert.match(failure.message, /reader took nothing for 2 s/);
        assert.equal((await slow.next()).value, taken);
        assert.ok(!seen.aborted.includes(`${handler} slow`));
        await slow.return?.();
      });
    }

    it("end the handler when the caller leaves the loop", option, async () => {
      const { request } = system.connect();
      seen.produced = 0;
      for await (const chunk of request(type("count"), { to: 1_000_000 })) if (chunk === 20) break;
      const [settled] = [() => system.log.filter((line) => line.message === "aborted").length];
      await until(() => settled!() > 0, { what: "the handler to be aborted" });
      assert.ok(seen.produced < 1_000);
    });

    it("keep what came before a failure, then fail", option, async () => {
      const chunks: unknown[] = [];
      const read = async () => {
        for await (const chunk of system.connect().request(type("breaks"), { after: 70 })) {
          chunks.push(chunk);
        }
      };
      await assert.rejects(read(), { code: "HALFWAY", message: "No more." });
      assert.deepEqual(chunks, numbers(70));
    });

    it("give a handler that answers once as a stream of one", option, async () => {
      const chunks: unknown[] = [];
      for await (const chunk of system.connect().request(type("echo"), "only")) chunks.push(chunk);
      assert.deepEqual(chunks, ["only"]);
    });
  });
}
