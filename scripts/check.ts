import { readFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { closingLine } from "./closingLine.ts";
import { findImportViolations } from "./importRules.ts";
import { isMain } from "./isMain.ts";
import { runProcess } from "./runProcess.ts";
import { sourceFiles } from "./sourceFiles.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const DENO_VERSION = "2.9.6";

/** The findings of one step; none when all is well. */
type Step = { name: string; run(): Promise<string> };

/**
 * Checks types, lint, format and the import rules, all of them even when one fails, and prints
 * what each found and how many passed. Resolves to whether all did.
 */
export const check = async (): Promise<boolean> => {
  const deno = await findDeno();
  const files = await sourceFiles(ROOT, /\.(?:tsx?|css)$/);
  const code = files.filter((path) => !path.endsWith(".css"));
  const steps: Step[] = [
    { name: "types", run: () => findings([...deno, "check", "--quiet", ...code]) },
    { name: "lint", run: () => findings([...deno, "lint", "--quiet"]) },
    { name: "format", run: () => findings([...deno, "fmt", "--check"]) },
    { name: "import rules", run: () => importFindings(files) },
  ];
  let failed = 0;
  for (const { name, run } of steps) {
    const startedAt = performance.now();
    const found = await run();
    const took = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    console.log(found === "" ? `ok      ${name} (${took})` : `FAILED  ${name} (${took})\n${found}`);
    if (found !== "") failed++;
  }
  console.log(closingLine(steps.length - failed, failed));
  return failed === 0;
};

/** Deno holds the type checker, the linter and the formatter; Bun has none of them. */
const findDeno = async (): Promise<string[]> => {
  if (process.versions.deno !== undefined) return [process.execPath];
  const { code } = await runProcess("deno", ["--version"]);
  return code === 0 ? ["deno"] : ["npx", "-y", `deno@${DENO_VERSION}`];
};

const findings = async ([command = "", ...args]: string[]): Promise<string> => {
  const { code, output } = await runProcess(command, args, { cwd: ROOT });
  return code === 0 ? "" : output.trimEnd() || `It ended with code ${code}.`;
};

const importFindings = async (paths: string[]): Promise<string> => {
  const read = async (path: string) => [path, await readFile(join(ROOT, path), "utf8")] as const;
  const files = new Map(await Promise.all(paths.map(read)));
  const { imports } = JSON.parse(await readFile(join(ROOT, "import_map.json"), "utf8"));
  return findImportViolations(files, { importMap: imports }).join("\n");
};

if (isMain(import.meta)) process.exitCode = await check() ? 0 : 1;
