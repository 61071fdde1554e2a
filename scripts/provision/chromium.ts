import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import { installDebianPackage } from "./installDebianPackage.ts";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * The path of a Chromium for the browser tests: `CHROME_PATH`, else an installed one, else
 * Debian's, which is installed then.
 * @throws Error that says what to install.
 */
export const provideChromium = async (): Promise<string> => {
  const given = process.env.CHROME_PATH;
  if (given) {
    if (await isExecutable(given)) return given;
    throw new Error(`CHROME_PATH is ${given}, which is not a program: correct or unset it.`);
  }
  return await installed() ?? await installedNow();
};

const installedNow = async (): Promise<string> => {
  const remedy = "install Chromium or Chrome, or set CHROME_PATH to one.";
  try {
    await installDebianPackage("chromium");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`The browser tests need a browser; ${remedy} (${why})`, { cause });
  }
  const path = await installed();
  if (path === undefined) throw new Error(`Debian's chromium is not on the PATH; ${remedy}`);
  return path;
};

const installed = async (): Promise<string | undefined> => {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const name of NAMES) {
      if (folder !== "" && await isExecutable(join(folder, name))) return join(folder, name);
    }
  }
  return undefined;
};

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(() => true, () => false);
