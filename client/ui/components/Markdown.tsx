import { createElement, type VNode } from "preact";
import { useMemo } from "preact/hooks";
import { type MarkdownNode, parseMarkdown } from "../models/parseMarkdown.ts";
import { Link } from "./Text.tsx";

/** What is drawn at most: in a longer text nobody finds anything. */
const MAX_CHARACTERS = 100_000;

/** A text in Markdown, as elements of a small set: whatever is in it, it runs nothing. */
export const Markdown = ({ text }: { text: string }) => {
  const shown = text.slice(0, MAX_CHARACTERS);
  const nodes = useMemo(() => parseMarkdown(shown).map(draw), [shown]);
  return (
    <div class="markdown">
      {nodes}
      {text.length > shown.length && <p class="quiet">The rest is in the download.</p>}
    </div>
  );
};

const draw = (node: MarkdownNode): VNode | string => {
  if (typeof node === "string") return node;
  const { tag, href, children } = node;
  const drawn = children.map(draw);
  return href === undefined ? createElement(tag, null, ...drawn) : <Link href={href}>{drawn}</Link>;
};
