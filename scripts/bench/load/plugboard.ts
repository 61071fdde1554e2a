import { createMakeBackendRequest, createWebsocketClient } from "../../../client/client.ts";
import { until } from "../../../tests/harness/until.ts";
import { type Driver, expect, type Target } from "./driver.ts";

/** Asks Plugboard, through its own client. */
export const connectPlugboard = async ({ url, sockets, to, work }: Target): Promise<Driver> => {
  const clients = Array.from({ length: sockets }, () => createWebsocketClient({ url }));
  for (const client of clients) client.connect();
  const ready = () => clients.every(({ state }) => state.at === "ready");
  await until(ready, { what: `${sockets} connections` });
  const requests = clients.map(createMakeBackendRequest);
  const from = (n: number) => requests[n % sockets]!;

  if (work.kind === "sum") {
    const { types } = work;
    const nameOf = (n: number) => types === undefined ? `${to}.add` : `${to}.add${n % types}`;
    return {
      async call(n) {
        const sum = await from(n)(nameOf(n), { a: n, b: 1 });
        expect(sum === n + 1, sum);
        return 1;
      },
    };
  }
  if (work.kind === "bytes") {
    const data = new Uint8Array(work.size).fill(7);
    return {
      async call(n) {
        const back = await from(n)(`${to}.bytes`, { data });
        expect(back instanceof Uint8Array && back.length === data.length && back[1] === 7, "bytes");
        return 1;
      },
    };
  }
  if (work.kind === "chunks") {
    return {
      async call(n) {
        let next = 0;
        for await (const chunk of from(n)(`${to}.count`, { upTo: work.count })) {
          expect(chunk === next++, chunk);
        }
        expect(next === work.count, next);
        return next;
      },
    };
  }
  return {
    async call(n) {
      await from(n)(`${to}.pause`, { ms: work.ms });
      return 1;
    },
  };
};
