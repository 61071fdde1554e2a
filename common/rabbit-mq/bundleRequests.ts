import type { BusRequest } from "../schemas/busMessages.ts";
import { MAX_BODY_BYTES, roughSize } from "./roughSize.ts";

/** What is asked about a request before it shares a message. */
export type Bundled = {
  request: BusRequest;
  replyTo: string;
  /** With how many others of its type it may share a message, itself included. */
  together: number;
  /** How many workers there are to share the requests of a tick, where that is known; else 1. */
  workers: number;
  /** When its time is over, in milliseconds of our own clock. */
  endsAt: number;
};

type Bundle<Entry> = {
  entries: Entry[];
  replyTo: string;
  limit: number;
  bytes: number;
  earliest: number;
  latest: number;
};

/**
 * A message lives in the queue as long as the longest of its requests, and a worker cannot know
 * how long it was there. So requests whose remaining times differ by more than this share of the
 * longest go apart: a request may be offered to a worker that much too late, and then its requester
 * has cancelled it already, which leaves a tombstone there.
 */
const CLOSE = 0.05;

/**
 * A message goes to one worker, so a burst makes this many for each of several: the broker lets
 * consumers take turns, and a worker has two of them as a rule.
 */
const SHARES = 2;

/** Shares out requests among messages, in order, without weakening what holds for each alone. */
export const bundleRequests = <Entry extends Bundled>(
  waiting: Iterable<Entry>,
  now: number,
): Entry[][] => {
  const messages: Entry[][] = [];
  const open = new Map<string, Bundle<Entry>>();
  const all = [...waiting];
  let bursts: Map<string, Entry[]> | undefined;
  const fairShare = (type: string, workers: number): number => {
    if (workers <= 1) return Infinity;
    bursts ??= Map.groupBy(all, ({ request }) => request.type);
    return Math.ceil(bursts.get(type)!.length / (SHARES * workers));
  };
  for (const entry of all) {
    const { workers, endsAt, replyTo, request: { type } } = entry;
    const together = Math.min(entry.together, fairShare(type, workers));
    if (together <= 1) {
      messages.push([entry]);
      continue;
    }
    const bytes = roughSize(entry.request);
    const bundle = open.get(type);
    // One connection has one requester as a rule.
    if (bundle?.replyTo === replyTo && fits(bundle, { bytes, together, endsAt, now })) {
      bundle.entries.push(entry);
      bundle.limit = Math.min(bundle.limit, together);
      bundle.bytes += bytes;
      bundle.earliest = Math.min(bundle.earliest, endsAt);
      bundle.latest = Math.max(bundle.latest, endsAt);
      continue;
    }
    const first = [entry];
    messages.push(first);
    const times = { earliest: endsAt, latest: endsAt };
    open.set(type, { entries: first, replyTo, limit: together, bytes, ...times });
  }
  return messages;
};

const fits = (
  { entries, limit, bytes, earliest, latest }: Bundle<unknown>,
  more: { bytes: number; together: number; endsAt: number; now: number },
): boolean => {
  const longest = Math.max(latest, more.endsAt);
  const spread = longest - Math.min(earliest, more.endsAt);
  return entries.length < Math.min(limit, more.together) &&
    bytes + more.bytes <= MAX_BODY_BYTES &&
    spread <= CLOSE * (longest - more.now);
};
