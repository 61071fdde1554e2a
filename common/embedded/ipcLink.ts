import { createBatcher } from "../createBatcher.ts";
import { settlesWithin } from "../settlesWithin.ts";
import { decodeOps } from "./decodeOps.ts";
import { encodeOps, type Packet } from "./encodeOps.ts";
import type { Link } from "./link.ts";

/** How long `close` waits for a process that reads nothing, in milliseconds. */
const LEAVE_MS = 1_000;

/** A forked child as its parent has it, or the `process` of such a child. */
export type IpcPort = {
  readonly connected: boolean;
  send?(message: unknown, onSent: (error: Error | null) => void): boolean;
  disconnect?(): void;
  on(event: "message" | "disconnect" | "exit", listener: (message?: unknown) => void): unknown;
};

/**
 * Makes a link over the IPC channel of a forked child; both ends make one. The child must be
 * forked with `serialization: "advanced"`, so that bytes go as bytes.
 * What is not ours on the channel (a plugin may call `process.send`) is ignored.
 */
export const createIpcLink = (port: IpcPort): Link => {
  let listener: Parameters<Link["open"]>[0] | undefined;
  const early: unknown[] = [];

  const receive = (op: unknown): void => {
    if (listener) listener.onOp(op);
    else early.push(op);
  };
  port.on("message", (message) => {
    for (const op of decodeOps(message)) receive(op);
  });
  const onClose = (): void => {
    const last = listener;
    listener = undefined;
    last?.onClose();
  };
  port.on("disconnect", onClose);
  // Deno leaves out `disconnect` where a process was killed with messages that it had not read.
  port.on("exit", onClose);

  /** Packets that are not with the operating system yet. */
  const leaving = new Set<Promise<void>>();
  const post = (packet: Packet): void => {
    // The other process may end at any moment; that is told by `disconnect`.
    if (!port.connected) return;
    const sent = new Promise<void>((resolve) =>
      port.send?.(packet, (error) => {
        if (error) onClose();
        resolve();
      })
    ).then(() => void leaving.delete(sent));
    leaving.add(sent);
  };
  const send = createBatcher((ops) => post(encodeOps(ops)), { atEndOfTick: setImmediate });

  return {
    send,
    open(next) {
      listener = next;
      for (const op of early.splice(0)) next.onOp(op);
    },
    async close() {
      // What was said in this tick leaves at its end: a process that stops has often just answered.
      await new Promise<void>((resolve) => setImmediate(resolve));
      await settlesWithin(Promise.all(leaving), LEAVE_MS);
      if (port.connected) port.disconnect?.();
    },
  };
};
