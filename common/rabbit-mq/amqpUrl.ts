/** A broker's address. */
export type AmqpUrl = {
  /** What amqplib is given. */
  url: string;
  /** The same for people: without its password. */
  shown: string;
};

/** Seconds between two signs of life; after two without one, a connection counts as lost. */
const HEARTBEAT_S = 10;

/**
 * Reads an `AMQP_URL`, such as `amqp://user:password@host:5672/vhost`; a heartbeat of 10 s is
 * asked for where it names none.
 * @throws Error that names the bad URL, without its password, and what is allowed.
 */
export const parseAmqpUrl = (text: string): AmqpUrl => {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isAmqp = url?.protocol === "amqp:" || url?.protocol === "amqps:";
  if (url === undefined || !isAmqp || url.hostname === "") {
    throw new Error(
      `AMQP_URL is "${hidePassword(text)}": it must look like amqp://user:password@host:5672 ` +
        "(or amqps://).",
    );
  }
  const shown = hidePassword(text);
  if (!url.searchParams.has("heartbeat")) {
    url.searchParams.set("heartbeat", String(HEARTBEAT_S));
  }
  return { url: url.href, shown };
};

// Works on what does not parse too: all between the first colon after the scheme and the last @.
const hidePassword = (text: string): string =>
  text.replace(/^(.*?\/\/)?([^:@]*):.*@/s, "$1$2:***@");
