import { connect } from "amqplib";
import { setTimeout as delay } from "node:timers/promises";
import * as v from "valibot";
import type { RabbitMqNode } from "../../scripts/provision/rabbitMqNode.ts";
import { memoryOf, type Part } from "./part.ts";

const Queues = v.array(v.object({
  name: v.string(),
  messages_ready: v.number(),
  messages_unacknowledged: v.number(),
  consumers: v.number(),
}));
type Queue = v.InferOutput<typeof Queues>[number];

const listQueues = async (broker: RabbitMqNode): Promise<Queue[]> => {
  const columns = ["name", "messages_ready", "messages_unacknowledged", "consumers"];
  const json = await broker.control("list_queues", "-q", "--formatter", "json", ...columns);
  return v.parse(Queues, JSON.parse(json));
};

const DEAD = "plugboard.dead";
const KEPT = [DEAD, "plugboard.cancelled"];

/** Dead letters and cancels are kept on purpose; the queues of a process that is gone expire in a minute. */
const isKept = ({ name, consumers }: Queue): boolean =>
  KEPT.includes(name) || (/^plugboard\.(frames|control)\./.test(name) && consumers === 0);

/** A worker that is there holds its last will, and never acknowledges it. */
const isWill = ({ name, consumers, messages_unacknowledged }: Queue): boolean =>
  name.startsWith("plugboard.will.") && consumers === 1 && messages_unacknowledged === 1;

/** The queues that still hold something, as a sentence each; waits up to 15 s for none. */
export const busyQueues = async (broker: RabbitMqNode): Promise<string[]> => {
  const deadline = performance.now() + 15_000;
  for (;;) {
    const busy = (await listQueues(broker)).filter((queue) =>
      (isKept(queue) ? 0 : queue.messages_ready) +
          (isWill(queue) ? 0 : queue.messages_unacknowledged) > 0
    );
    if (busy.length === 0 || performance.now() > deadline) {
      return busy.map(({ name, messages_ready, messages_unacknowledged }) =>
        `${name} holds ${messages_ready} ready, ${messages_unacknowledged} unacked`
      );
    }
  }
};

/** How many dead letters there are. */
export const deadLetters = async (broker: RabbitMqNode): Promise<number> =>
  (await listQueues(broker)).find(({ name }) => name === DEAD)?.messages_ready ?? 0;

/** Deletes the queues of these names, whatever they hold and whoever consumes them. */
export const deleteQueues = async (broker: RabbitMqNode, names: RegExp): Promise<void> => {
  const connection = await connect(broker.url);
  try {
    for (const { name } of await listQueues(broker)) {
      if (!names.test(name)) continue;
      const channel = await connection.createChannel();
      await channel.deleteQueue(name);
      await channel.close();
    }
  } finally {
    await connection.close();
  }
};

/** MiB by process id, of everything the parts run. */
export type Memory = Map<number, number>;

/** What all processes of the parts use now. */
export const memoryNow = async (parts: readonly Part[]): Promise<Memory> => {
  const pids = (await Promise.all(parts.map((part) => part.pids()))).flat();
  return new Map(
    await Promise.all(pids.map(async (pid) => [pid, await memoryOf(pid)] as const)),
  );
};

/** The most any process uses above its own baseline, or above the largest one for a new process. */
export const growth = (before: Memory, now: Memory): number => {
  const largest = Math.max(0, ...before.values());
  return Math.max(0, ...[...now].map(([pid, mib]) => mib - (before.get(pid) ?? largest)));
};

const SAMPLE_MS = 500;
const SAMPLES = 6;
const SETTLED_MIB = 2;

/** What they use once no process has given back or taken memory for three seconds; 20 s at most. */
export const settledMemory = async (parts: readonly Part[]): Promise<Memory> => {
  const deadline = performance.now() + 20_000;
  let steady = await memoryNow(parts);
  for (let samples = 0; samples < SAMPLES && performance.now() < deadline; samples++) {
    await delay(SAMPLE_MS);
    const now = await memoryNow(parts);
    const moved = Math.max(growth(steady, now), growth(now, steady));
    if (moved <= SETTLED_MIB) continue;
    steady = now;
    samples = 0;
  }
  return steady;
};
