import process from "node:process";

/** A question of the bench to one of its processes. */
export type Question = { id: number; ask: string; args: unknown };
/** What it says to that. */
export type Answer = { id: number; value?: unknown; error?: string };

/** How often a process looks whether the bench is still there, in milliseconds. */
const PARENT_MS = 1_000;

/**
 * Answers what the bench asks this process over its channel, and ends this process with the bench,
 * however that ends.
 */
export const answerParent = (
  answers: Record<string, (args: unknown) => unknown>,
): void => {
  const parent = process.ppid;
  process.on("disconnect", () => process.exit(0));
  setInterval(() => process.ppid === parent || process.exit(0), PARENT_MS).unref();
  // Ctrl-C reaches all processes of a terminal; the bench decides.
  process.on("SIGINT", () => {});
  process.on("message", (message) => {
    // Only the bench writes to this channel.
    const { id, ask, args } = message as Question;
    const say = (answer: Omit<Answer, "id">) => void process.send?.({ id, ...answer });
    Promise.resolve().then(() => answers[ask]!(args)).then(
      (value) => say({ value }),
      (error) => say({ error: error instanceof Error ? error.stack ?? error.message : `${error}` }),
    );
  });
};
