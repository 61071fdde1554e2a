import type { ConsumeMessage } from "amqplib";
import { Buffer } from "node:buffer";
import * as v from "valibot";
import { decode, encode, passOn } from "../codec.ts";

/** The body of an AMQP message, as amqplib wants it. */
export const toBody = (value: unknown): Buffer => {
  const bytes = encode(value);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** What a body holds, not parsed yet; `undefined` when it is not of our making. */
export const fromBody = ({ content }: Pick<ConsumeMessage, "content">): unknown => {
  try {
    // Whoever asked, or the plugin, gets a copy from the next leg.
    return decode(content, passOn);
  } catch {
    return undefined;
  }
};

/** The first thing a schema has against a value, and where; "" when it parses. */
export const problemOf = (issues: v.SafeParseResult<v.GenericSchema>["issues"]): string => {
  const [issue] = issues ?? [];
  if (issue === undefined) return "";
  const path = v.getDotPath(issue);
  return path === null ? issue.message : `${path}: ${issue.message}`;
};
