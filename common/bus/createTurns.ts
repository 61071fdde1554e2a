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

/** One's requests that wait, in the order they came, and a place in that order: the first is past it. */
type Theirs = { turns: Set<() => void>; next: Iterator<() => void> };

type Line = {
  /** Places that are taken, of all and of each. */
  taken: number;
  takenBy: ReturnType<typeof createTally>;
  /** Who waits, in the order of their next turns. */
  waiting: Map<string, Theirs>;
  isMoving: boolean;
  sharedUntil: number;
};

/**
 * Requests that may wait for each worker beside those that it runs, so that it never runs out of
 * them: at most, of one beside others, and of all together at least.
 */
const MOST = 256;
const MOST_OF_EACH = 32;
const FEW = 8;
/**
 * How long one keeps its place at most, in milliseconds: what it asked for may be lost on the bus,
 * and is not to keep others from it.
 */
export const PLACE_MS = 5_000;
/** How long a type counts as shared after a request beside those of another, in milliseconds. */
const SHARED_MS = 1_000;

/**
 * How many requests of a type may be on the bus: as many as all workers run at a time, since those
 * cannot be told from what waits, and some for each to begin next. Where nobody was ever known to
 * serve a type, all may: whoever comes finds them.
 */
export const placesOf = (
  { workers = 0, concurrency }: { workers?: number; concurrency?: number },
): Places => {
  if (workers === 0 || concurrency === undefined) return { all: Infinity, each: Infinity };
  const running = workers * concurrency;
  return {
    all: running + Math.max(FEW, workers * Math.min(2 * concurrency, MOST)),
    each: running + Math.max(FEW / 2, Math.ceil(workers * Math.min(concurrency / 4, MOST_OF_EACH))),
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
  { deadlines, now = () => performance.now() }: { deadlines: Deadlines; now?(): number },
): Turns => {
  const lines = new Map<string, Line>();

  const lineOf = (type: string): Line => {
    const known = lines.get(type);
    if (known) return known;
    const takenBy = createTally();
    const line: Line = { taken: 0, takenBy, waiting: new Map(), isMoving: false, sharedUntil: 0 };
    lines.set(type, line);
    return line;
  };

  const hasPlace = (line: Line, from: string, { all, each }: Places): boolean => {
    if (line.taken >= all) return false;
    return line.takenBy.count(from) < each || now() >= line.sharedUntil;
  };

  const hasOthers = ({ taken, takenBy, waiting }: Line, from: string): boolean =>
    taken > takenBy.count(from) || waiting.size > (waiting.has(from) ? 1 : 0);

  const queue = ({ waiting }: Line, from: string, turn: () => void): void => {
    const theirs = waiting.get(from);
    if (theirs) return void theirs.turns.add(turn);
    const turns = new Set([turn]);
    // The first of a Set from which many were deleted is long to find.
    waiting.set(from, { turns, next: turns.values() });
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
      const { value: go } = theirs.next.next();
      theirs.turns.delete(go);
      // Whose turn it was goes to the end, where this loop meets it again.
      waiting.delete(from);
      if (theirs.turns.size > 0) waiting.set(from, theirs);
      go();
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
      const line = lineOf(type);
      const { waiting } = line;
      if (hasOthers(line, from)) line.sharedUntil = now() + SHARED_MS;
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
          const { turns } = waiting.get(from)!;
          turns.delete(turn);
          if (turns.size === 0) waiting.delete(from);
        }
        stands = "gone";
        deadlines.remove(expiry);
        if (line.taken === 0 && waiting.size === 0) lines.delete(type);
        else moveSoon(type, line);
      };
      if (!waiting.has(from) && hasPlace(line, from, placesFor(type))) turn();
      else queue(line, from, turn);
      moveSoon(type, line);
      return leave;
    },
    held(type) {
      const waiting = lines.get(type)?.waiting.values() ?? [];
      return [...waiting].reduce((sum, { turns }) => sum + turns.size, 0);
    },
  };
};
