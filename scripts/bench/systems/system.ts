import type { Part } from "../part.ts";

/** A system under test: its processes, and where it is reached. */
export type System = {
  parts: Part[];
  /** Of its gateway; of the broker where it has none. */
  url: string;
  /** The plugin, or the queue, that does the work. */
  to: string;
  /** Whether a broker is part of it, too. */
  hasBroker: boolean;
};

/** What cannot be started leaves nothing behind. */
export const orStop = async (
  parts: readonly Part[],
  start: () => Promise<System>,
): Promise<System> => {
  try {
    return await start();
  } catch (error) {
    await Promise.all(parts.map((part) => part.stop()));
    throw error;
  }
};
