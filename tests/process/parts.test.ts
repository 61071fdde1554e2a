import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as v from "valibot";
import { createMakeBackendRequest, createWebsocketClient } from "../../client/client.ts";
import { Catalog } from "../../common/schemas/catalog.ts";
import { skipWithout } from "../harness/startSystem.ts";
import { type RunningScript, spawnScript } from "../harness/spawnScript.ts";
import { readyz } from "../harness/startProcess.ts";
import { until } from "../harness/until.ts";

/** A program that runs its parts, and ends every one of them, whatever happens. */
const withParts = async (
  test: (start: (path: string, args?: string[]) => RunningScript) => Promise<void>,
): Promise<void> => {
  const parts: RunningScript[] = [];
  try {
    await test((path, args) => {
      const part = spawnScript(path, { args, env: { LOG_LEVEL: "debug", LOG_FORMAT: "json" } });
      parts.push(part);
      return part;
    });
  } finally {
    await Promise.all(parts.map((part) => part.stop()));
  }
};

const urlOf = async (gateway: RunningScript): Promise<string> => {
  await until(() => /^http\S+/m.test(gateway.stdout()), { what: `a URL: ${gateway.stderr()}` });
  return /^http\S+/m.exec(gateway.stdout())![0];
};

describe("gateways and workers in processes of their own", () => {
  const option = skipWithout("rabbitmq");

  it(
    "find each other over RabbitMQ, any number of either",
    option,
    () =>
      withParts(async (start) => {
        const gateways = [1, 2].map(() => start("gateway/main.ts", ["--port", "0"]));
        const urls = await Promise.all(gateways.map(urlOf));
        const workers = [1, 2].map(() => start("workers/main.ts"));
        for (const url of urls) await until(async () => await readyz(url) === 200);

        const ids: string[] = [];
        await Promise.all(urls.map(async (url) => {
          const socket = createWebsocketClient({ url });
          const request = createMakeBackendRequest(socket);
          const sums = await Promise.all(Array.from({ length: 200 }, (_, n) => {
            const pending = request("math.add", { a: n, b: 1 });
            ids.push(pending.id);
            return pending;
          }));
          assert.deepEqual(sums, Array.from({ length: 200 }, (_, n) => n + 1));
          const primes = await request("math.primes", { upTo: 10_000 });
          assert.equal((primes as number[]).length, 1_229);
          socket.close();
        }));

        // One id, and the lines of the gateway and of the one worker that ran it.
        for (const id of ids.slice(0, 20)) {
          const has = (part: RunningScript) => part.stderr().includes(`"requestId":"${id}"`);
          await until(() => workers.some(has));
          assert.equal(gateways.filter(has).length, 1);
          assert.equal(workers.filter(has).length, 1);
        }
      }),
  );

  it(
    "stop cleanly on SIGTERM, and the other worker serves on",
    option,
    () =>
      withParts(async (start) => {
        const gateway = start("gateway/main.ts", ["--port", "0"]);
        const url = await urlOf(gateway);
        const [first, second] = [start("workers/main.ts"), start("workers/main.ts")];
        await until(() => [first, second].every((worker) => /"serving"/.test(worker.stderr())));
        await until(async () => await readyz(url) === 200);
        const socket = createWebsocketClient({ url });
        const request = createMakeBackendRequest(socket);
        assert.equal(await request("math.add", { a: 1, b: 1 }), 2);
        assert.deepEqual(await first.stop("SIGTERM"), { code: 0, signal: null });
        const sums = await Promise.all(
          Array.from({ length: 50 }, () => request("math.add", { a: 2, b: 2 })),
        );
        assert.deepEqual(sums, Array(50).fill(4));
        assert.deepEqual(await second.stop("SIGTERM"), { code: 0, signal: null });
        await until(async () => await readyz(url) === 503);
        assert.deepEqual(await gateway.stop("SIGTERM"), { code: 0, signal: null });
        socket.close();
      }),
  );

  it(
    "are not ready once the only worker was killed, before anything is announced",
    option,
    () =>
      withParts(async (start) => {
        const gateway = start("gateway/main.ts", ["--port", "0"]);
        const url = await urlOf(gateway);
        const worker = start("workers/main.ts");
        await until(async () => await readyz(url) === 200);
        await worker.stop("SIGKILL");
        await until(async () => await readyz(url) === 503, { timeoutMs: 4_000 });
      }),
  );

  it(
    "show a client within a second that a worker was killed, and that another came",
    option,
    () =>
      withParts(async (start) => {
        const url = await urlOf(start("gateway/main.ts", ["--port", "0"]));
        const socket = createWebsocketClient({ url });
        let workers: string[] = [];
        socket.subscribe({
          onState: ({ at }) => at === "ready" && void socket.send({ kind: "watch" }),
          onMessage(message) {
            if (message.kind !== "catalog") return;
            workers = v.parse(Catalog, message.catalog).workers.map(({ id }) => id);
          },
        });
        socket.connect();
        const isThere = ({ process: { pid } }: RunningScript) =>
          workers.some((id) => id.includes(`-${pid}-`));
        const [one, other] = [start("workers/main.ts"), start("workers/main.ts")];
        await until(() => isThere(one) && isThere(other), { what: "both to be there" });
        await one.stop("SIGKILL");
        await until(() => !isThere(one), { what: "it to be gone", timeoutMs: 1_000 });
        assert.ok(isThere(other));
        const another = start("workers/main.ts");
        await until(() => isThere(another), { what: "another to come" });
        // At once: what was said of it last may still be on its way.
        const ended = another.stop("SIGKILL");
        await until(() => !isThere(another), { what: "that one to be gone", timeoutMs: 1_000 });
        await ended;
        socket.close();
      }),
  );

  it("need a bus, and say so", async () => {
    for (const path of ["gateway/main.ts", "workers/main.ts"]) {
      const part = spawnScript(path, { env: { AMQP_URL: undefined } });
      assert.deepEqual(await part.ended, { code: 1, signal: null });
      assert.match(
        part.stderr(),
        /of its own needs AMQP_URL \(--amqp-url\).*start runs everything/,
      );
    }
  });
});
