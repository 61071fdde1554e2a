import process from "node:process";

/**
 * Sets this process's wall clock off by `FAULTS_CLOCK_MS` milliseconds, as on a machine without a
 * time server. Timers and `performance.now()` go on as they were, as they do there.
 */
const offMs = Number(process.env.FAULTS_CLOCK_MS ?? 0);
if (offMs !== 0) {
  globalThis.Date = new Proxy(Date, {
    construct: (real, given, target) =>
      Reflect.construct(real, given.length === 0 ? [real.now() + offMs] : given, target),
    apply: () => new Date().toString(),
    get: (real, name) => name === "now" ? () => real.now() + offMs : Reflect.get(real, name),
  });
}
