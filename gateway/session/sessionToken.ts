import { createHash } from "node:crypto";
import { createId } from "../../common/ids.ts";

/** The id of the session whose secret is `token`. */
export const sessionOf = (token: string): string =>
  createHash("sha256").update(token).digest("base64url");

/**
 * Makes a session's secret. The id follows from it, so that any gateway can tell whether a client
 * knows the secret of a session, without having heard of that session before.
 */
export const createToken = (): { session: string; token: string } => {
  const token = createId() + createId();
  return { session: sessionOf(token), token };
};
