import { io, type Socket } from "socket.io-client";
import { type Driver, expect, inBatches, type Target } from "./driver.ts";

/** Asks a reference behind bare Socket.IO, by an event that is acknowledged with the answer. */
export const connectSocketIo = async ({ url, sockets, work }: Target): Promise<Driver> => {
  const opened = Array.from(
    { length: sockets },
    (): Socket => io(url, { transports: ["websocket"], forceNew: true, autoConnect: false }),
  );
  await inBatches(opened, async (batch) => {
    await Promise.all(batch.map((socket) =>
      new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve);
        socket.once("connect_error", reject);
        socket.connect();
      })
    ));
  });
  const from = (n: number) => opened[n % sockets]!;
  const emit = (n: number, event: string, payload: unknown): Promise<unknown> =>
    new Promise((resolve) => from(n).emit(event, payload, resolve));

  if (work.kind === "sum") {
    return {
      async call(n) {
        const sum = await emit(n, "sum", { a: n, b: 1 });
        expect(sum === n + 1, sum);
        return 1;
      },
    };
  }
  if (work.kind === "bytes") {
    const data = new Uint8Array(work.size).fill(7);
    return {
      async call(n) {
        const back = await emit(n, "bytes", data);
        // Deno and Bun give a Buffer, which is one.
        expect(back instanceof Uint8Array && back.length === data.length && back[1] === 7, "bytes");
        return 1;
      },
    };
  }
  if (work.kind === "chunks") return readChunks(opened, work.count);
  throw new Error(`No reference does "${work.kind}".`);
};

const readChunks = (opened: Socket[], count: number): Driver => {
  const readers = new Map<number, (chunk: number) => void>();
  for (const socket of opened) {
    socket.on("chunk", ({ id, chunk }: { id: number; chunk: number }) => readers.get(id)?.(chunk));
  }
  return {
    call: (n) =>
      new Promise((resolve, reject) => {
        let next = 0;
        readers.set(n, (chunk) => {
          if (chunk !== next++) reject(new Error(`Chunk ${chunk} came for ${next - 1}.`));
          if (next < count) return;
          readers.delete(n);
          resolve(count);
        });
        opened[n % opened.length]!.emit("count", { id: n, upTo: count });
      }),
  };
};
