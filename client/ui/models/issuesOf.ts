import * as v from "valibot";
import type { ErrorBody } from "../../../common/schemas/frames.ts";

/** What is wrong with one place of an input; `path` has dots, and is empty for the whole. */
export type Issue = v.InferOutput<typeof Issue>;

const Issue = v.object({ path: v.string(), message: v.string() });
const Details = v.object({ issues: v.array(Issue) });

/** The issues of an `INVALID_REQUEST`; none for any other failure. */
export const issuesOf = ({ code, details }: ErrorBody): Issue[] => {
  const parsed = v.safeParse(Details, details);
  return code === "INVALID_REQUEST" && parsed.success ? parsed.output.issues : [];
};
