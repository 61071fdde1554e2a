import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { TASK } from "../common/task.ts";
import { isMain } from "./isMain.ts";

const TEMPLATE = new URL("newPlugin.template.ts", import.meta.url);
const DEFAULT_FOLDER = fileURLToPath(new URL("../workers/plugins", import.meta.url));

const HELP = `Writes a plugin to begin with: one handler that answers, one that streams.

  ${TASK} new NAME [--plugins-dir DIR]

NAME            a letter, then up to 63 letters, digits, _ or -
--plugins-dir   the folder to write to; default: PLUGINS_DIR, else workers/plugins
--help          prints this`;

/**
 * Writes a new plugin file and prints where it is and how to call it.
 * @param args as on the command line
 * @returns the exit code: 0; 1 when the file exists or cannot be written; 2 for wrong usage
 */
export const newPlugin = async (args: string[]): Promise<number> => {
  const request = readArgs(args);
  if ("message" in request) return say(request.message, request.code);
  const { name, folder } = request;
  const file = join(folder, `${name}.ts`);
  const template = await readFile(TEMPLATE, "utf8");
  try {
    await mkdir(folder, { recursive: true });
    // "wx" fails where a file is: nobody's work is overwritten.
    await writeFile(file, template.replace('name: "hello"', `name: "${name}"`), { flag: "wx" })
      .catch((cause) => {
        if (cause.code !== "EEXIST") throw cause;
        throw new Error("it exists already; choose another name", { cause });
      });
  } catch (error) {
    return say(`Cannot write ${file}: ${error instanceof Error ? error.message : error}.`, 1);
  }
  console.log(`Wrote ${file}

Start Plugboard (again) with "${TASK} start", then:
  ${TASK} call ${name}.greet '{"name":"Ada"}'
  ${TASK} call ${name}.countdown '{"from":3}'`);
  return 0;
};

const say = (message: string, code: number): number => {
  (code === 0 ? console.log : console.error)(message);
  return code;
};

type Request = { name: string; folder: string } | { message: string; code: number };

const readArgs = (args: string[]): Request => {
  const wrong = (message: string): Request => ({ message: `${message}\n\n${HELP}`, code: 2 });
  try {
    const { values, positionals: [name, ...more] } = parseArgs({
      args,
      allowPositionals: true,
      options: { help: { type: "boolean" }, "plugins-dir": { type: "string" } },
    });
    if (values.help) return { message: HELP, code: 0 };
    if (name === undefined) return wrong("The name of the plugin is missing.");
    if (more.length > 0) return wrong(`One name at a time; "${more.join(" ")}" is too much.`);
    if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name)) {
      const rule = "it takes a letter, then up to 63 letters, digits, _ or -";
      return { message: `"${name}" cannot be a plugin's name: ${rule}.`, code: 2 };
    }
    const folder = values["plugins-dir"] ?? process.env.PLUGINS_DIR;
    return { name, folder: folder ? resolve(folder) : DEFAULT_FOLDER };
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
};

if (isMain(import.meta)) process.exitCode = await newPlugin(process.argv.slice(2));
