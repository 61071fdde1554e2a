import type { Outcomes } from "../../common/schemas/topics.ts";

/** What became of some requests: how many of each outcome, and how long they took. */
export type OutcomeTally = {
  /** Counts one by its code, `ok` for none, and by its time, where it has begun. */
  count(code: string, ms?: number): void;
  /** Adds all that another has counted. */
  addAll(other: OutcomeTally): void;
  /** The counts themselves. */
  read(): Counts;
  /** What is told of it. */
  outcomes(): Outcomes;
};

type Counts = {
  ok: number;
  failed: number;
  cancelled: number;
  codes: ReadonlyMap<string, number>;
  /** How many took how long; absent while none has. */
  buckets?: Uint32Array;
};

/**
 * Times are counted in buckets, each 2^(1/4) times as wide as the one before: from 1/16 ms to a day
 * in 124 numbers, whatever comes, and a percentile is at most 9 % off.
 */
const PER_OCTAVE = 4;
const LEAST_MS = 1 / 16;
const BUCKETS = 124;

/** Codes of plugins are their own; those beyond so many are counted under one name. */
const MAX_CODES = 32;
const OTHER_CODE = "OTHER";

/** Makes an empty tally. */
export const createOutcomeTally = (): OutcomeTally => {
  const codes = new Map<string, number>();
  let buckets: Uint32Array | undefined;
  let ok = 0;
  let cancelled = 0;
  let failed = 0;

  const addCode = (code: string, n: number): void => {
    const name = codes.has(code) || codes.size < MAX_CODES ? code : OTHER_CODE;
    codes.set(name, (codes.get(name) ?? 0) + n);
  };

  /** The middle of the bucket in which the request of this rank is. */
  const percentile = (share: number): number | undefined => {
    const total = buckets?.reduce((sum, n) => sum + n, 0) ?? 0;
    if (!buckets || total === 0) return undefined;
    let left = Math.ceil(share * total);
    const index = buckets.findIndex((n) => (left -= n) <= 0);
    return LEAST_MS * 2 ** ((index - 0.5) / PER_OCTAVE);
  };

  return {
    count(code, ms) {
      if (code === "CANCELLED") return void cancelled++;
      if (code === "ok") ok++;
      else {
        failed++;
        addCode(code, 1);
      }
      if (ms !== undefined) (buckets ??= new Uint32Array(BUCKETS))[bucketOf(ms)]!++;
    },
    addAll(other) {
      const added = other.read();
      ok += added.ok;
      cancelled += added.cancelled;
      failed += added.failed;
      for (const [code, n] of added.codes) addCode(code, n);
      added.buckets?.forEach((n, index) => (buckets ??= new Uint32Array(BUCKETS))[index]! += n);
    },
    read: () => ({ ok, cancelled, failed, codes, buckets }),
    outcomes() {
      const counted = { ok, failed, cancelled };
      const p50 = percentile(0.5);
      if (p50 === undefined) return counted;
      return { ...counted, p50, p95: percentile(0.95), p99: percentile(0.99) };
    },
  };
};

const bucketOf = (ms: number): number => {
  const index = Math.floor(Math.log2(ms / LEAST_MS) * PER_OCTAVE) + 1;
  return Math.min(Math.max(index, 0), BUCKETS - 1);
};
