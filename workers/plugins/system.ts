import os from "node:os";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import * as v from "valibot";
import { definePlugin, handler } from "plugboard";

const text = (title: string) => v.pipe(v.string(), v.title(title));
const number = (title: string, unit: string) =>
  v.pipe(v.number(), v.title(title), v.description(unit));

export default definePlugin({
  name: "system",
  title: "System",
  description: "The machine this worker runs on, and how busy it is.",
  version: "1.0.0",
  handlers: {
    info: handler({
      title: "Describe the machine",
      input: v.object({}),
      output: v.object({
        runtime: v.pipe(
          v.object({ name: text("Name"), version: text("Version") }),
          v.title("Runtime"),
        ),
        platform: text("Operating system"),
        release: text("Its release"),
        arch: text("Architecture"),
        hostname: text("Host name"),
        cpus: v.pipe(v.number(), v.title("Processors")),
        cpuModel: text("Processor model"),
        totalMemory: number("Memory", "Bytes."),
        uptime: number("Up for", "Seconds since the machine started."),
      }),
      idempotent: true,
      handle: () => ({
        runtime: runtime(),
        platform: os.platform(),
        release: os.release(),
        arch: os.arch(),
        hostname: os.hostname(),
        cpus: os.availableParallelism(),
        cpuModel: os.cpus()[0]?.model ?? "unknown",
        totalMemory: os.totalmem(),
        uptime: Math.floor(os.uptime()),
      }),
    }),

    stats: handler({
      title: "Watch the load",
      description: "Streams processor, memory and load until it is cancelled.",
      input: v.object({
        intervalMs: v.optional(
          v.pipe(
            v.number(),
            v.integer(),
            v.minValue(100),
            v.maxValue(60_000),
            v.title("Interval"),
            v.description("Milliseconds from one sample to the next."),
          ),
          1_000,
        ),
      }),
      chunk: v.object({
        time: v.pipe(v.string(), v.isoTimestamp(), v.title("Time")),
        cpu: number("Processor", "The busy share of all processors since the last sample, 0 to 1."),
        memoryUsed: number("Memory used", "Bytes."),
        memoryTotal: number("Memory", "Bytes."),
        load1: number("Load", "Average of the last minute; always 0 on Windows."),
      }),
      timeoutMs: 86_400_000,
      async *handle({ intervalMs }, { signal }) {
        let before = cpuTimes();
        // The first sample comes early: nobody should wait a minute for a sign of life.
        for (let wait = 100;; wait = intervalMs) {
          // When the request is cancelled this wait rejects, and the stream is over.
          await setTimeout(wait, undefined, { signal });
          const now = cpuTimes();
          const total = now.total - before.total;
          yield {
            time: new Date().toISOString(),
            cpu: total > 0
              ? rounded(Math.min(1, Math.max(0, (now.busy - before.busy) / total)))
              : 0,
            memoryUsed: os.totalmem() - os.freemem(),
            memoryTotal: os.totalmem(),
            load1: rounded(os.loadavg()[0] ?? 0),
          };
          before = now;
        }
      },
    }),
  },
});

const runtime = () => {
  const { bun, deno, node } = process.versions;
  if (deno !== undefined) return { name: "Deno", version: deno };
  return bun === undefined ? { name: "Node.js", version: node } : { name: "Bun", version: bun };
};

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;

/** Milliseconds of all processors together since the machine started. */
const cpuTimes = () => {
  const times = os.cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, cpu) => sum + cpu.idle, 0);
  const busy = times.reduce((sum, cpu) => sum + cpu.user + cpu.nice + cpu.sys + cpu.irq, 0);
  return { busy, total: busy + idle };
};
