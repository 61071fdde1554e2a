/**
 * Limits of the wire that both ends must know without asking. What an operator may change is a
 * setting (`common/settings.ts`) and reaches the client in the `welcome` notice.
 */

/** How many chunks a receiver that says nothing is ready to take. */
export const DEFAULT_CREDIT = 64;

/** The longest time a request may be given: one day, in milliseconds. */
export const MAX_TIMEOUT_MS = 86_400_000;

/** How deep a payload, result or chunk may nest. */
export const MAX_DEPTH = 64;

/** Entries in one `log` message, and characters in one entry's text. */
export const MAX_LOG_ENTRIES = 100;
export const MAX_LOG_TEXT = 4_000;
