import * as v from "valibot";
import { RequestError, tooLarge } from "../../common/errors.ts";
import { measure } from "../../common/payload.ts";

/** What a handler gave that must not leave; the text is for the worker's log alone. */
export const INVALID_ANSWER = "InvalidAnswer";

/**
 * Checks a result or chunk on its way out, and gives what may leave: parsed, so that undeclared
 * fields stay here, and a copy, which stays as it is. Nothing becomes null, as JSON has no
 * `undefined`.
 * @throws RequestError `TOO_LARGE`; an Error named `InvalidAnswer` when its schema refuses it
 */
export const checkAnswer = (
  value: unknown,
  { schema, what, maxBytes }: { schema: v.GenericSchema; what: string; maxBytes: number },
): { answer: unknown; bytes: number } => {
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw invalid(what, `${issue.message} (at ${v.getDotPath(issue) ?? "the value itself"})`);
  }
  const answer = parsed.output ?? null;
  const size = measure(answer);
  if (size instanceof RequestError) throw invalid(what, size.message);
  if (size.bytes > maxBytes) throw tooLarge(what, size.bytes, maxBytes);
  return { answer: copyOf(answer), bytes: size.bytes };
};

/**
 * What leaves is written at the end of the tick, together with the rest: by then a handler may have
 * gone on with what it gave, as one that reads into the same buffer again does.
 */
const copyOf = (value: unknown): unknown => {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof Date) return new Date(value);
  if (Array.isArray(value)) return value.map(copyOf);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, copyOf(one)]));
};

const invalid = (what: string, why: string): Error =>
  Object.assign(new Error(`${what} is not as declared: ${why}`), { name: INVALID_ANSWER });
