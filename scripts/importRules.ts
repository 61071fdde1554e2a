import { posix } from "node:path";
import { type Scan, scanImports } from "./scanImports.ts";

/** One broken rule, as `file:line: what is wrong`. */
export type Violation = string;

/** Options of `findImportViolations`. */
export type ImportRuleOptions = {
  /** The import map: bare names, and `./…` for names that stand for a file of ours. */
  importMap?: Record<string, string>;
};

/** What a folder may import beside itself. `scripts` and `tests` may import everything. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  common: ["common"],
  gateway: ["common", "gateway"],
  workers: ["common", "workers"],
  client: ["common", "client"],
};

/** The one place of a library, so that it can be replaced there. */
const PLACE_OF: Record<string, string> = {
  amqplib: "common/rabbit-mq/",
  "socket.io": "gateway/socketIoServer.ts",
  "socket.io-client": "client/websocketClient.ts",
  esbuild: "scripts/",
};

const isTest = (path: string) => /\.test\.tsx?$/.test(path);
const isFree = (path: string) => /^(?:scripts|tests)\//.test(path);
const isPlugin = (path: string) => path.startsWith("workers/plugins/") && !isTest(path);
// A file or folder beside plugins that the scan leaves out: what plugins share.
const isHelper = (path: string) => isPlugin(path) && path.includes("/_");

/** Tells what breaks the rules of who may import whom; `files` maps each path to its source. */
export const findImportViolations = (
  files: ReadonlyMap<string, string>,
  { importMap = {} }: ImportRuleOptions = {},
): Violation[] => {
  const scans = new Map(
    [...files].filter(([path]) => /\.tsx?$/.test(path))
      .map(([path, source]) => [path, scanImports(source)]),
  );
  const violations: Violation[] = [];
  const graph = new Map<string, string[]>();
  for (const [path, { imports }] of scans) {
    for (const { specifier, line, typeOnly } of imports) {
      const target = targetOf(path, specifier, importMap);
      const wrong = target === undefined
        ? checkLibrary(path, specifier, importMap)
        : checkFile({ path, specifier, target, files });
      if (wrong !== undefined) violations.push(`${path}:${line}: ${wrong}`);
      // An import of types is gone when the program runs: it cannot close a cycle.
      if (target === undefined || typeOnly) continue;
      graph.set(path, [...graph.get(path) ?? [], target]);
    }
  }
  return [...violations, ...runtimeGlobals(scans), ...cycles(graph)];
};

/** The file of ours that a specifier means, if it means one. */
const targetOf = (path: string, specifier: string, importMap: Record<string, string>) => {
  if (/^\.{0,2}\//.test(specifier)) return posix.join(posix.dirname(path), specifier);
  const mapped = importMap[specifier];
  return mapped?.startsWith("./") ? mapped.slice(2) : undefined;
};

const checkLibrary = (path: string, specifier: string, importMap: Record<string, string>) => {
  if (/^(?:node|bun):|^bun$/.test(specifier)) return undefined;
  const known = Object.keys(importMap).some((name) =>
    name.endsWith("/") ? specifier.startsWith(name) : specifier === name
  );
  if (!known) return `"${specifier}" is not in import_map.json.`;
  const place = PLACE_OF[specifier];
  if (place === undefined || isFree(path) || path.startsWith(place)) return undefined;
  return `only ${place} imports "${specifier}".`;
};

const checkFile = (
  { path, specifier, target, files }: {
    path: string;
    specifier: string;
    target: string;
    files: ReadonlyMap<string, string>;
  },
) => {
  if (!files.has(target)) {
    return `there is no ${target}; a relative import names a .ts, .tsx or .css file.`;
  }
  if (isPlugin(path) && specifier !== "plugboard" && !isHelper(target)) {
    return `a plugin imports "plugboard", libraries and its own _ files, not "${specifier}".`;
  }
  const area = path.split("/")[0] ?? "";
  const allowed = MAY_IMPORT[area];
  if (allowed === undefined || allowed.includes(target.split("/")[0] ?? "")) return undefined;
  if (isTest(path) && target.startsWith("tests/harness/")) return undefined;
  return `${area}/ imports only ${allowed.join("/ and ")}/, not "${specifier}".`;
};

/** All but one file do without `Deno` and `Bun`: that one is what a third runtime would need. */
const runtimeGlobals = (scans: ReadonlyMap<string, Scan>): Violation[] => {
  const uses = [...scans].flatMap(([path, { imports, runtimeGlobal }]) => {
    const line = runtimeGlobal ??
      imports.find(({ specifier }) => /^bun(?::|$)/.test(specifier))?.line;
    return line === undefined ? [] : [`${path}:${line}`];
  });
  return uses.length < 2
    ? []
    : uses.map((use) =>
      `${use}: the globals of a runtime may be used in one file, not in ${uses.length}.`
    );
};

const cycles = (graph: ReadonlyMap<string, string[]>): Violation[] => {
  const found: Violation[] = [];
  const done = new Set<string>();
  const visit = (path: string, trail: string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) {
      const cycle = [...trail.slice(start), path].join(" → ");
      found.push(`${path}:1: the imports go in a circle: ${cycle}.`);
    }
    if (start >= 0 || done.has(path)) return;
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
};
