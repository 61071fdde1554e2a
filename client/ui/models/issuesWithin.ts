import type { Issue } from "./issuesOf.ts";

/** Those issues that are about what has a key, or about what is in it, by paths that begin there. */
export const issuesWithin = (issues: Issue[], key: string | number): Issue[] => {
  const start = `${key}.`;
  return issues.flatMap(({ path, message }) => {
    if (path === `${key}`) return [{ path: "", message }];
    return path.startsWith(start) ? [{ path: path.slice(start.length), message }] : [];
  });
};

/** Those that are about none of the keys. */
export const issuesBeside = (issues: Issue[], keys: (string | number)[]): Issue[] =>
  issues.filter((issue) => keys.every((key) => issuesWithin([issue], key).length === 0));
