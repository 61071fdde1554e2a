import { createHash, timingSafeEqual } from "node:crypto";
import { RequestError } from "../common/errors.ts";

/** What a handshake is checked against. */
export type HandshakeRules = {
  /** Origins beside the gateway's own; `*` allows every one. */
  allowedOrigins: string[];
  /** What a client must show as `auth.token`; unset: nothing. */
  token?: string;
  /** Whether the gateway listens on loopback only. */
  loopback: boolean;
};

/** What a handshake says of who connects. */
export type Handshake = { origin?: string; host?: string; auth: unknown };

/**
 * Decides whether a client may connect. Programs send no `Origin`; a page must be of the gateway's
 * own origin or of one that is allowed. A gateway on loopback also insists on a loopback name in
 * `Host`, so that a foreign name that was made to point here (DNS rebinding) gets no further.
 * @throws RequestError `FORBIDDEN` or `UNAUTHENTICATED`, with the remedy
 */
export const checkHandshake = ({ origin, host, auth }: Handshake, rules: HandshakeRules): void => {
  const { allowedOrigins, token, loopback } = rules;
  const listed = origin !== undefined &&
    (allowedOrigins.includes(origin) || allowedOrigins.includes("*"));
  if (loopback && !listed && !isLoopbackHost(host)) {
    throw new RequestError("FORBIDDEN", `The host "${host}" is not this gateway's.`);
  }
  if (origin !== undefined && !listed && (host === undefined || hostOf(origin) !== host)) {
    const message = `The origin "${origin}" is not allowed; add it to ALLOWED_ORIGINS.`;
    throw new RequestError("FORBIDDEN", message);
  }
  if (token !== undefined && !sameToken(tokenOf(auth), token)) {
    throw new RequestError("UNAUTHENTICATED", "This gateway wants a token: auth { token }.");
  }
};

/** Whether an address or host name (with or without a port) is of this machine alone. */
export const isLoopbackHost = (host = ""): boolean =>
  /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)(:\d+)?$/i.test(host);

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) ? new URL(origin).host : undefined;

const tokenOf = (auth: unknown): string =>
  typeof auth === "object" && auth !== null && "token" in auth &&
    typeof auth.token === "string"
    ? auth.token
    : "";

// Digests are of one length, so that the comparison takes the same time for every guess.
const sameToken = (given: string, wanted: string): boolean => {
  const [one, two] = [given, wanted].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(one!, two!);
};
