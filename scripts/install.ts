import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isMain } from "./isMain.ts";

/** What of `package.json` and of an installed package's own matters here. */
type Manifest = {
  version?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
};

/**
 * The packages of `package.json` that `node_modules` lacks at exactly their version, as
 * `name version`. Either runtime's layout will do: both have each direct package at the top.
 */
export const missingPackages = (root: string): string[] => {
  const { dependencies, devDependencies } = readManifest(root);
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([name, version]) => installedVersion(join(root, "node_modules", name)) !== version)
    .map(([name, version]) => `${name} ${version}`);
};

/**
 * Installs with Bun what is missing; without anything missing it takes milliseconds and says
 * nothing. It runs before there are packages, so this file imports only builtins.
 * @throws Error with Bun's output when the installation fails.
 */
export const install = (root: string): void => {
  const missing = missingPackages(root);
  if (missing.length === 0) return;
  console.error(`Installing ${missing.length} packages: ${missing.join(", ")}.`);
  const frozen = existsSync(join(root, "bun.lock")) ? ["--frozen-lockfile"] : [];
  const result = spawnSync(process.execPath, ["install", ...frozen], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output = result.error?.message ?? `${result.stdout}${result.stderr}`.trim();
  if (result.status !== 0) throw new Error(`"bun install" failed in ${root}:\n${output}`);
};

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

const installedVersion = (folder: string): string | undefined =>
  existsSync(join(folder, "package.json")) ? readManifest(folder).version : undefined;

if (isMain(import.meta)) {
  try {
    install(fileURLToPath(new URL("..", import.meta.url)));
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
