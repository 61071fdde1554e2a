import type { Outcomes, Sample, TypeStatus } from "../../common/schemas/topics.ts";
import { createWindow, type Window } from "./createWindow.ts";

/** Counts what becomes of a gateway's requests. */
export type Meter = ReturnType<typeof createMeter>;

/** How long a sample is meant to be, in milliseconds. */
export const SAMPLE_MS = 5_000;
/** 15 minutes of them. */
const MAX_SAMPLES = 180;
const SAMPLES_A_MINUTE = 12;
/** Each type has its own minutes, as all its samples would take too much. */
const MINUTES = 15;
/** Types that are counted apart; with 10 KB for each, all take 2 MB at most. */
const MAX_TYPES = 200;

/** Makes a meter. `now` is a clock that never goes back, in milliseconds. */
export const createMeter = ({ now = () => performance.now() } = {}) => {
  const all = createWindow(SAMPLES_A_MINUTE);
  const others = createWindow(MINUTES);
  const types = new Map<string, Window>();
  const samples: Sample[] = [];
  let taken = 0;
  let sampledAt = now();

  const windowOf = (type: string, code: string): Window => {
    const known = types.get(type);
    if (known) return known;
    // Whoever makes up types must not push out those that there are.
    if (types.size >= MAX_TYPES || code === "NO_HANDLER") return others;
    const window = createWindow(MINUTES);
    types.set(type, window);
    return window;
  };

  const turnMinute = (): void => {
    others.turn();
    for (const [type, window] of types) {
      window.turn();
      if (window.isEmpty) types.delete(type);
    }
  };

  return {
    /** Counts a request that has its outcome: `ok` or a code, and its time where it has begun. */
    count(type: string, code: string, ms?: number): void {
      all.count(code, ms);
      windowOf(type, code).count(code, ms);
    },
    /** Ends a sample; to be called every `SAMPLE_MS`. */
    sample(counts: { inFlight: number; queued?: number }): void {
      const at = now();
      samples.push({ ...all.turn().outcomes(), ...counts, ms: at - sampledAt });
      sampledAt = at;
      if (samples.length > MAX_SAMPLES) samples.shift();
      if (++taken % SAMPLES_A_MINUTE === 0) turnMinute();
    },
    /** The samples of the last 15 minutes from this number on, and the number of the first. */
    samplesFrom(number: number): { first: number; samples: Sample[] } {
      const first = Math.max(number, taken - samples.length);
      return { first, samples: samples.slice(first - taken + samples.length) };
    },
    /** How many samples there ever were. */
    get taken() {
      return taken;
    },
    /** The last minute of all types. */
    lastMinute: (): Outcomes => all.sum().outcomes(),
    /** The last 15 minutes by type, and what is not counted apart. */
    byType(): { types: Omit<TypeStatus, "queued">[]; others?: Outcomes } {
      const rows = [...types].map(([type, window]) => {
        const sum = window.sum();
        return { type, ...sum.outcomes(), codes: Object.fromEntries(sum.read().codes) };
      });
      return {
        types: rows.sort((one, two) => one.type < two.type ? -1 : 1),
        ...(others.isEmpty ? {} : { others: others.sum().outcomes() }),
      };
    },
  };
};
