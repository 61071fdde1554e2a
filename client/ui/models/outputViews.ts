import type { JsonSchema } from "../../../common/schemas/catalog.ts";
import type { OutputShape } from "./outputShape.ts";

/** A way to show values. */
export type OutputView = "Numbers" | "Text" | "Markdown" | "Bytes" | "Table" | "Tree";

/** The ways in which values of a shape can be shown; the first is the one that suits them. */
export const outputViews = (
  shape: OutputShape,
  { schema, isOne }: { schema: JsonSchema; isOne: boolean },
): OutputView[] => {
  switch (shape.kind) {
    case "nothing":
    case "flow":
      return ["Numbers"];
    case "lines":
      return isMarkdown(schema) ? ["Markdown", "Text"] : ["Text", "Markdown"];
    case "bytes":
      return ["Bytes"];
    case "table":
      return isOne ? ["Tree", "Table"] : ["Table", "Tree"];
    case "values":
      return ["Tree"];
  }
};

/** Whether a schema says that the strings are parts of one text, not lines. */
export const isWhole = ({ contentMediaType }: JsonSchema): boolean =>
  typeof contentMediaType === "string" && contentMediaType.startsWith("text/");

const isMarkdown = ({ contentMediaType, format }: JsonSchema): boolean =>
  contentMediaType === "text/markdown" || format === "markdown";
