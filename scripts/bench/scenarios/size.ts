import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import type { Scenario } from "../scenario.ts";
import { rangeOf } from "../statistics.ts";

/** What a browser has to fetch, compressed as a server would. */
export const size: Scenario = {
  name: "size",
  title: "minified and gzipped, in KB of 1,000 bytes",
  async run() {
    const page = await readClientFile("index.html");
    const references = [...page.toString().matchAll(/(?:src|href)="\.?\/?([^":]+\.(?:js|css))"/g)];
    const names = ["index.html", ...references.map(([, name = ""]) => name)];
    const sizes = await Promise.all(names.map(sizeOf));
    const client = await sizeOf("client.js");
    return {
      series: [],
      verdicts: [
        { what: "headless client", range: rangeOf([client]), unit: " KB", goal: { most: 16 } },
        {
          what: "first load of the page",
          range: rangeOf([sizes.reduce((sum, one) => sum + one, 0)]),
          unit: " KB",
          goal: { most: 45 },
        },
      ],
      notes: [names.map((name, at) => `${name} ${sizes[at]!.toFixed(1)} KB`).join(", ")],
    };
  },
};

const readClientFile = (name: string) =>
  readFile(new URL(`../../../dist/client/${name}`, import.meta.url));

const sizeOf = async (name: string): Promise<number> =>
  gzipSync(await readClientFile(name), { level: 9 }).length / 1_000;
