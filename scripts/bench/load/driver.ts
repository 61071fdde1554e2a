import * as v from "valibot";

/** What a load generator asks for, again and again. */
export const Work = v.variant("kind", [
  /** A sum: as little work as there can be. Of `types` request types in turn, where it says. */
  v.object({ kind: v.literal("sum"), types: v.optional(v.number()) }),
  /** So many bytes there, and the same back. */
  v.object({ kind: v.literal("bytes"), size: v.number() }),
  /** A stream of so many small chunks. */
  v.object({ kind: v.literal("chunks"), count: v.number() }),
  /** Work that takes so long and does nothing. */
  v.object({ kind: v.literal("pause"), ms: v.number() }),
]);
export type Work = v.InferOutput<typeof Work>;

/** How a load generator reaches what it measures. */
export const Target = v.object({
  driver: v.picklist(["plugboard", "socketIo", "carefulEcho", "amqp"]),
  /** Of the gateway, or of the broker. */
  url: v.string(),
  sockets: v.number(),
  /** The plugin, or the queue, that does the work. */
  to: v.string(),
  work: Work,
});
export type Target = v.InferOutput<typeof Target>;

/** One way to ask for work. */
export type Driver = {
  /**
   * Does it for the `n`th time; gives how much came back: 1, or the number of chunks.
   * @throws Error when there is no answer, or a wrong one
   */
  call(n: number): Promise<number>;
};

/** @throws Error unless the answer is right: a fast wrong one is no figure */
export const expect = (isRight: boolean, answer: unknown): void => {
  if (!isRight) throw new Error(`A wrong answer came: ${JSON.stringify(answer)}.`);
};

/** A server that is to take thousands of handshakes at once refuses some as late. */
const BATCH = 200;

/** Connects many a few at a time. */
export const inBatches = async <T>(
  all: readonly T[],
  connect: (batch: readonly T[]) => Promise<void>,
): Promise<void> => {
  for (let at = 0; at < all.length; at += BATCH) await connect(all.slice(at, at + BATCH));
};
