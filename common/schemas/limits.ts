/**
 * Limits of the wire that both ends must know without asking. What an operator may change is a
 * setting (`common/settings.ts`) and reaches the client in the `welcome` notice.
 */

/** How many chunks a receiver that says nothing is ready to take. */
export const DEFAULT_CREDIT = 256;

/** A chunk costs one credit for each of these bytes that it begins. */
export const BYTES_PER_CREDIT = 16_384;

/** How much credit a request may have at any time, whatever its client grants. */
export const MAX_CREDIT = 1_024;

/** Messages in one packet of a client. */
export const MAX_PACKET_MESSAGES = 10_000;

/** Requests that a client may ask for when it resumes its session. */
export const MAX_RESUMED = 20_000;

/** The longest time a request may be given: one day, in milliseconds. */
export const MAX_TIMEOUT_MS = 86_400_000;

/** How deep a payload, result or chunk may nest. */
export const MAX_DEPTH = 64;

/** Entries in one `log` message, and characters in one entry's text. */
export const MAX_LOG_ENTRIES = 100;
export const MAX_LOG_TEXT = 4_000;
