import { createBatcher } from "../createBatcher.ts";
import { decodeOps } from "./decodeOps.ts";
import { encodeOps } from "./encodeOps.ts";
import type { Link } from "./link.ts";

/**
 * Makes the two ends of a link within one process. With `serialise` (default) what is sent is
 * written to bytes and read again, so that nothing works here which would not between processes.
 */
export const createMemoryLinks = ({ serialise = true } = {}): [Link, Link] => {
  const carry = (ops: unknown[]): unknown[] =>
    serialise ? decodeOps(structuredClone(encodeOps(ops))) : ops;
  const left = createEnd(carry, !serialise);
  const right = createEnd(carry, !serialise);
  left.join(right);
  right.join(left);
  return [left.link, right.link];
};

type Carry = (ops: unknown[]) => unknown[];
type End = {
  link: Link;
  receive(ops: unknown[]): void;
  onClose(): void;
  join(other: End): void;
};

const createEnd = (carry: Carry, isLocal: boolean): End => {
  let peer: End | undefined;
  let listener: Parameters<Link["open"]>[0] | undefined;
  let early: unknown[] = [];
  let closed = false;

  const receive = (ops: unknown[]): void => {
    if (!listener) return void early.push(...ops);
    for (const op of ops) listener.onOp(op);
  };
  const onClose = (): void => {
    if (closed) return;
    closed = true;
    listener?.onClose();
  };
  const send = createBatcher((ops) => {
    if (!closed) peer?.receive(carry(ops));
    // Objects cost nothing more one by one.
  }, { atEndOfTick: isLocal ? queueMicrotask : setImmediate });

  const link: Link = {
    isLocal,
    send: (op) => closed || send(op),
    open(next) {
      listener = next;
      const waiting = early;
      early = [];
      receive(waiting);
    },
    close() {
      // After what was said in this tick, as a process link would.
      return new Promise((resolve) =>
        setImmediate(() => {
          peer?.onClose();
          onClose();
          resolve();
        })
      );
    },
  };
  return { link, receive, onClose, join: (other: End) => void (peer = other) };
};
