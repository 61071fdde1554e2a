import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { readyz } from "../../../tests/harness/startProcess.ts";
import { until } from "../../../tests/harness/until.ts";
import { startPart } from "../part.ts";
import type { Scenario } from "../scenario.ts";
import { rangeOf } from "../statistics.ts";

const STAMP = fileURLToPath(new URL("../../../dist/client/.stamp.json", import.meta.url));

/** From the command to the first answer, with the plugins that ship and nothing to build. */
export const start: Scenario = {
  name: "start",
  title: "from the command to 200 on /readyz, and building the client",
  async run({ rounds }) {
    const starts: number[] = [];
    const builds: number[] = [];
    for (let round = 0; round < rounds; round++) {
      builds.push(await buildOnce());
      starts.push(await startOnce());
    }
    return {
      series: [],
      verdicts: [
        { what: "start", range: rangeOf(starts), unit: " s", goal: { most: 1 } },
        { what: "client build", range: rangeOf(builds), unit: " s", goal: { most: 0.5 } },
      ],
    };
  },
};

const startOnce = async (): Promise<number> => {
  const since = performance.now();
  const env = { PORT: "0", AMQP_URL: undefined, PLUGINS_DIR: undefined };
  const part = startPart("plugboard", { script: "scripts/start.ts", env });
  try {
    const url = await part.said(/^Plugboard: (http\S+)$/m);
    const isReady = async () => await readyz(url).catch(() => 0) === 200;
    await Promise.race([part.crashed, until(isReady, { what: "/readyz to say 200" })]);
    return (performance.now() - since) / 1_000;
  } finally {
    await part.stop();
  }
};

/** What a start waits for where a source has changed, as the build itself tells it. */
const buildOnce = async (): Promise<number> => {
  await rm(STAMP, { force: true });
  const part = startPart("build", { script: "scripts/build.ts" });
  try {
    return Number(await part.said(/\((\d+) ms\)/)) / 1_000;
  } finally {
    await part.stop();
  }
};
