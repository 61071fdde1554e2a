import {
  createMakeBackendRequest,
  createWebsocketClient,
  type MakeBackendRequest,
} from "../../../client/client.ts";
import { until } from "../../../tests/harness/until.ts";
import { type Driver, expect, inBatches, type Target } from "./driver.ts";

/** Asks Plugboard, through its own client; it serves what is asked for when this resolves. */
export const connectPlugboard = async (target: Target): Promise<Driver> => {
  const { url, sockets, work } = target;
  const clients = Array.from({ length: sockets }, () => createWebsocketClient({ url }));
  await inBatches(clients, async (batch) => {
    for (const client of batch) client.connect();
    const ready = () => batch.every(({ state }) => state.at === "ready");
    await until(ready, { what: `${batch.length} connections` });
  });
  const driver = createDriver(target, clients.map(createMakeBackendRequest));
  await served(driver, work.kind === "sum" ? work.types : undefined);
  return driver;
};

/** A gateway is ready with the first plugin of anybody; that one may not be the one meant. */
const served = async ({ call }: Driver, types = 1): Promise<void> => {
  let why: unknown;
  const answers = () => call(types - 1).then(() => true, (error) => (why = error, false));
  await until(answers, { what: "a first answer" }).catch((error) => {
    throw new Error(`${error.message} The last failure was: ${why}`, { cause: why });
  });
};

const createDriver = ({ to, work }: Target, requests: MakeBackendRequest[]): Driver => {
  const from = (n: number) => requests[n % requests.length]!;
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
