import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { failureOf } from "../harness/failureOf.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

for (const engine of ENGINES) {
  describe(`cancel and deadline over the ${engine} engine`, () => {
    const { plugin, seen, type } = createTestPlugin();
    const option = skipWithout(engine);
    let system: System;
    before(async () => {
      if (!option.skip) system = await startSystem({ engine, plugins: [plugin] });
    });
    after(() => system?.stop());

    /** Occupies the one place of `hold`, and gives what ends it. */
    const occupy = async (key: string) => {
      const { request } = system.connect();
      const holder = request(type("hold"), key);
      await until(() => seen.started.includes(key));
      return async () => {
        holder.cancel();
        await assert.rejects(holder, { code: "CANCELLED" });
        await until(() => seen.aborted.includes(key));
      };
    };

    it("a cancel reaches a running handler's signal", option, async () => {
      const release = await occupy("running");
      await release();
    });

    it("a cancelled request that had not begun never does", option, async () => {
      const { request } = system.connect();
      const release = await occupy("first");
      const queued = request(type("hold"), "never");
      await request(type("echo"), "the queue has it now");
      queued.cancel("changed my mind");
      await assert.rejects(queued, { code: "CANCELLED", message: /changed my mind/ });
      await release();
      const release2 = await occupy("after the cancelled one");
      await release2();
      assert.ok(!seen.started.includes("never"));
    });

    it("an AbortSignal cancels, before and after the request was made", option, async () => {
      const { request } = system.connect();
      const aborter = new AbortController();
      const running = request(type("hold"), "signalled", { signal: aborter.signal });
      await Promise.all([
        assert.rejects(running, { code: "CANCELLED", message: /enough/ }),
        until(() => seen.started.includes("signalled")).then(() =>
          aborter.abort(new Error("enough"))
        ),
      ]);
      await until(() => seen.aborted.includes("signalled"));
      const late = request(type("hold"), "too late", { signal: aborter.signal });
      await assert.rejects(late, { code: "CANCELLED" });
      await request(type("echo"), 1);
      assert.ok(!seen.started.includes("too late"));
    });

    it(
      "a deadline ends a running request, says where, and reaches the signal",
      option,
      async () => {
        const { request } = system.connect();
        const slow = await failureOf(request(type("hold"), "slow", { timeoutMs: 400 }));
        assert.deepEqual([slow.code, slow.retryable, slow.where?.state], [
          "TIMEOUT",
          true,
          "running",
        ]);
        assert.match(slow.where?.worker ?? "", /^w-/);
        await until(() => seen.aborted.includes("slow"));
      },
    );

    it("a request whose deadline passes in the queue never begins", option, async () => {
      const { request } = system.connect();
      const release = await occupy("busy");
      const expired = await failureOf(request(type("hold"), "expired", { timeoutMs: 150 }));
      assert.equal(expired.code, "TIMEOUT");
      assert.deepEqual([expired.where?.state, expired.where?.workers], ["queued", 1]);
      await release();
      await (await occupy("after the expired one"))();
      assert.ok(!seen.started.includes("expired"));
    });

    it("both reach nested calls", option, async () => {
      const { request } = system.connect();
      const cancelled = request(type("holdNested"), "nested cancel");
      await until(() => seen.started.includes("(nested cancel)"));
      cancelled.cancel();
      await assert.rejects(cancelled, { code: "CANCELLED" });
      await until(() => seen.aborted.includes("(nested cancel)"));
      await assert.rejects(request(type("holdNested"), "nested late", { timeoutMs: 400 }), {
        code: "TIMEOUT",
      });
      await until(() => seen.aborted.includes("(nested late)"));
    });

    it("a cancel stops nested calls that wait for their turn, for good", option, async () => {
      const { request } = system.connect();
      const release = await occupy("in front of it");
      const outer = request(type("holdNested"), "outer");
      await until(() => seen.started.includes("outer"));
      await request(type("echo"), "the queue has the nested one now");
      outer.cancel();
      await assert.rejects(outer, { code: "CANCELLED" });
      await until(() => seen.aborted.includes("outer"));
      await release();
      await (await occupy("behind it"))();
      assert.ok(!seen.started.includes("(outer)"));
    });

    /** Ways to end a request that runs; each gives the moment from which the time is counted. */
    const ENDINGS: Record<
      string,
      (handler: "hold" | "holdNested", key: string) => Promise<number>
    > = {
      async "a cancel"(handler, key) {
        const running = system.connect().request(type(handler), key);
        running.catch(() => {});
        await until(() => seen.started.includes(innermost(handler, key)));
        running.cancel();
        return performance.now();
      },
      async "a deadline"(handler, key) {
        const { request } = system.connect();
        // The time it takes to connect is none of the request's.
        await request(type("echo"), null);
        const timeoutMs = 200;
        const endsAt = performance.now() + timeoutMs;
        await assert.rejects(request(type(handler), key, { timeoutMs }), { code: "TIMEOUT" });
        return endsAt;
      },
      async "a connection that is closed for good"(handler, key) {
        const { socket, request } = system.connect();
        request(type(handler), key).catch(() => {});
        await until(() => seen.started.includes(innermost(handler, key)));
        socket.close();
        return performance.now();
      },
    };
    const innermost = (handler: string, key: string): string =>
      handler === "holdNested" ? `(${key})` : key;

    for (const [what, end] of Object.entries(ENDINGS)) {
      for (const handler of ["hold", "holdNested"] as const) {
        it(`${what} reaches the signal of ${handler} within 100 ms`, option, async () => {
          const delays: number[] = [];
          for (let n = 0; n < 5; n++) {
            const key = `${what} ${handler} ${n}`;
            const endedAt = await end(handler, key);
            await until(() => seen.abortedAt.has(innermost(handler, key)));
            delays.push(seen.abortedAt.get(innermost(handler, key))! - endedAt);
          }
          // The machine may be busy with other things now and then.
          const median = delays.toSorted((one, two) => one - two)[2]!;
          assert.ok(median < 100, `it took ${delays.map(Math.round).join(", ")} ms`);
        });
      }
    }

    it("a closed connection reaches the signal", option, async () => {
      const { socket, request } = system.connect();
      const running = request(type("hold"), "gone");
      await until(() => seen.started.includes("gone"));
      socket.close();
      await assert.rejects(running, { code: "CONNECTION_LOST" });
      await until(() => seen.aborted.includes("gone"));
    });

    it("a timeout that makes no sense is refused at once", option, async () => {
      const { request } = system.connect();
      for (const timeoutMs of [0, -1, 1.5, Infinity, NaN]) {
        await assert.rejects(request(type("echo"), 1, { timeoutMs }), { code: "INVALID_REQUEST" });
      }
    });
  });
}
