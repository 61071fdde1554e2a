import type { ComponentChildren } from "preact";
import { linkOf } from "../models/linkOf.ts";
import { parseAnsi } from "../models/parseAnsi.ts";
import { textOf } from "../models/textOf.ts";

/** A text, the link it is, or one with the colours of a terminal. */
export const Text = ({ text }: { text: string }) => {
  const href = linkOf(text);
  if (href !== undefined) return <Link href={href}>{text}</Link>;
  const shown = textOf(text);
  if (!isColoured(shown)) return <>{shown}</>;
  return (
    <>
      {parseAnsi(shown).map(({ text, classes }, at) => (
        classes === "" ? text : <span key={at} class={classes}>{text}</span>
      ))}
    </>
  );
};

/** Whether a terminal would do more with it than write it. */
export const isColoured = (value: unknown): boolean =>
  typeof value === "string" && value.includes("\x1b");

/** A link to elsewhere, which is told nothing of this page. */
export const Link = ({ href, children }: { href: string; children: ComponentChildren }) => (
  <a href={href} target="_blank" rel="noopener noreferrer">{children}</a>
);
