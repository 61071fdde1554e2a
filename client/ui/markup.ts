/**
 * Markdown and the escapes of terminals: a bundle of its own, loaded when there is a text that has
 * them.
 * @module
 */
export { parseAnsi } from "./models/parseAnsi.ts";
export { parseMarkdown } from "./models/parseMarkdown.ts";
