/** How often a worker says that it is there, in milliseconds. */
export const ANNOUNCE_MS = 5_000;
