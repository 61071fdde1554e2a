/** What the tests of the broker share. */
import { createLogger } from "../logger.ts";
import { createBroker } from "./createBroker.ts";
import type { Link } from "./link.ts";

type Op = { op: string; [key: string]: unknown };
/** What is sent about one request, as far as the broker reads it. */
export type Message = { id: string; kind: string; [key: string]: unknown };

/** A broker whose members speak to it at once, by hand. */
export const createBrokerFixture = () => {
  const clock = { now: 0 };
  const lines: string[] = [];
  const log = createLogger({ write: (line) => lines.push(line) });
  const broker = createBroker({ log, now: () => clock.now });
  const join = (options?: { uplink?: boolean }) => {
    const heard: Op[] = [];
    let listener: Parameters<Link["open"]>[0] | undefined;
    broker.attach({
      // Copied, as a link between processes would.
      send: (op) => void heard.push(JSON.parse(JSON.stringify(op))),
      open: (given) => listener = given,
      close: () => Promise.resolve(),
    }, options);
    const say = (op: unknown) => listener!.onOp(op);
    return {
      heard,
      say,
      lost: () => listener!.onClose(),
      request: (id: string, timeoutMs = 1_000) =>
        say({ op: "request", request: { id, type: "a.b", timeoutMs, attempt: 1, credit: 64 } }),
      frame: (frame: Message) => say({ op: "frame", frame }),
      control: (control: Message) => say({ op: "control", control }),
      serve: (concurrency = 1) => say({ op: "serve", type: "a.b", concurrency }),
      frames: () => heard.filter(({ op }) => op === "frame").map(({ frame }) => frame as Message),
      requests: () =>
        heard.filter(({ op }) => op === "request").map(({ request }) => request as Message),
      controls: () =>
        heard.filter(({ op }) => op === "control").map(({ control }) => control as Message),
    };
  };
  return { clock, lines, join };
};

export const end = (id: string): Message => ({ kind: "end", id, seq: 0 });
export const cancel = (id: string): Message => ({ kind: "cancel", id, reason: "enough" });
