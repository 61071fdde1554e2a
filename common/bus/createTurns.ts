import type { Deadline, Deadlines } from "../createDeadlines.ts";
import { createTally } from "./createTally.ts";

/** Lets those who ask for the same type take turns on their way to the bus. */
export type Turns = {
  /**
   * Calls `go` when it is the turn of this request: at once while there are places, as a rule.
   * @returns gives up its place, or its wait for one; to be called when a worker has begun it or
   * nobody wants it any more, and harmless when called again
   */
  enter(request: { type: string; from: string }, go: () => void): () => void;
  /** How many of a type wait for their turn. */
  held(type: string): number;
};

/** How many requests of a type may wait on the bus: of all, and of each while others ask too. */
export type Places = { all: number; each: number };

type Line = {
  /** Places that are taken, of all and of each. */
  taken: number;
  takenBy: ReturnType<typeof createTally>;
  /** Who waits, in the order of their next turns, and each one's requests in the order they came. */
  waiting: Map<string, Set<() => void>>;
  isMoving: boolean;
  lastFrom: string;
  sharedUntil: number;
};

/** Requests of a type that may wait for each worker, and at least, however few a worker runs. */
const MOST = 256;
const MOST_OF_EACH = 32;
const FEW = 8;
/**
 * How long one keeps its place at most, in milliseconds: what it asked for may be lost on the bus,
 * and is not to keep others from it.
 */
export const PLACE_MS = 5_000;
/** How long after the newest request of another a type counts as shared, in milliseconds. */
const SHARED_MS = 1_000;

/**
 * How many requests of a type may wait on the bus until a worker begins them: enough that no worker
 * ever runs out of them. Where nobody is known to serve a type, all may: whoever comes finds them.
 */
export const placesOf = (
  { workers = 0, concurrency }: { workers?: number; concurrency?: number },
): Places => {
  if (workers === 0 || concurrency === undefined) return { all: Infinity, each: Infinity };
  return {
    all: Math.max(FEW, workers * Math.min(2 * concurrency, MOST)),
    each: Math.max(FEW, workers * Math.min(concurrency, MOST_OF_EACH)),
  };
};

/**
 * Makes the lines, one for each type. A queue on the bus serves first who came first, so what one
 * client puts there by thousands is before all that another asks for; only what waits here can be
 * taken by turns. A client alone may fill the bus, which makes for the fullest messages; beside
 * others it has so little there that theirs are soon begun.
 */
export const createTurns = (
  placesFor: (type: string) => Places,
  { deadlines }: { deadlines: Deadlines },
): Turns => {
  const lines = new Map<string, Line>();

  const lineOf = (type: string, from: string): Line => {
    const known = lines.get(type);
    if (known) return known;
    const line: Line = {
      ...{ taken: 0, takenBy: createTally(), waiting: new Map(), isMoving: false },
      ...{ lastFrom: from, sharedUntil: 0 },
    };
    lines.set(type, line);
    return line;
  };

  const hasPlace = (line: Line, from: string, { all, each }: Places): boolean => {
    if (line.taken >= all) return false;
    return line.takenBy.count(from) < each || performance.now() > line.sharedUntil;
  };

  const occupy = (line: Line, from: string, places: 1 | -1): void => {
    line.taken += places;
    line.takenBy.add(from, places);
  };

  const move = (type: string, line: Line): void => {
    const { waiting } = line;
    const places = placesFor(type);
    for (const [from, theirs] of waiting) {
      if (line.taken >= places.all) return;
      if (!hasPlace(line, from, places)) continue;
      const [go] = theirs;
      theirs.delete(go!);
      // Whose turn it was goes to the end, where this loop meets it again.
      waiting.delete(from);
      if (theirs.size > 0) waiting.set(from, theirs);
      go!();
    }
  };

  /** At the end of the tick: of what is given up together, none is to go before it is. */
  const moveSoon = (type: string, line: Line): void => {
    if (line.isMoving || line.waiting.size === 0) return;
    line.isMoving = true;
    queueMicrotask(() => {
      line.isMoving = false;
      move(type, line);
    });
  };

  return {
    enter({ type, from }, go) {
      const line = lineOf(type, from);
      const { waiting } = line;
      if (line.lastFrom !== from) {
        line.lastFrom = from;
        line.sharedUntil = performance.now() + SHARED_MS;
      }
      let stands: "waiting" | "going" | "gone" = "waiting";
      let expiry: Deadline | undefined;
      const turn = (): void => {
        stands = "going";
        expiry = deadlines.add(PLACE_MS, leave);
        occupy(line, from, 1);
        go();
      };
      const leave = (): void => {
        if (stands === "gone") return;
        if (stands === "going") occupy(line, from, -1);
        else {
          const theirs = waiting.get(from)!;
          theirs.delete(turn);
          if (theirs.size === 0) waiting.delete(from);
        }
        stands = "gone";
        deadlines.remove(expiry);
        if (line.taken === 0 && waiting.size === 0) lines.delete(type);
        else moveSoon(type, line);
      };
      const theirs = waiting.get(from);
      if (theirs) theirs.add(turn);
      else if (hasPlace(line, from, placesFor(type))) turn();
      else waiting.set(from, new Set([turn]));
      moveSoon(type, line);
      return leave;
    },
    held(type) {
      const waiting = lines.get(type)?.waiting.values() ?? [];
      return [...waiting].reduce((sum, { size }) => sum + size, 0);
    },
  };
};
