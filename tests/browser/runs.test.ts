import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { createId } from "../../common/ids.ts";
import { TASK } from "../../common/task.ts";
import { checkScreen } from "../harness/checkScreen.ts";
import { chromiumMissing, launchChromium } from "../harness/launchChromium.ts";
import { openPage } from "../harness/openPage.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { type RunningScript, spawnScript } from "../harness/spawnScript.ts";
import { createTcpProxy } from "../harness/tcpProxy.ts";
import { createOutputPlugin } from "./outputPlugin.ts";
import { output, run, runReads } from "./steps.ts";

for (const engine of ENGINES) {
  const skip = skipWithout(engine).skip || chromiumMissing;

  describe(`runs over ${engine}`, { skip }, () => {
    const { plugin, type } = createOutputPlugin();
    let system: System;
    let browser: Browser;

    before(async () => {
      if (skip) return;
      system = await startSystem({ engine, plugins: [plugin], settings: { RESUME_MS: "20000" } });
      browser = await launchChromium();
    });
    after(async () => {
      await browser?.close();
      await system?.stop();
    });

    type Opened = Parameters<typeof openPage>[1];
    const inPage = async (url: Opened, body: (page: Page) => Promise<void>) => {
      const { page, complaints } = await openPage(browser, url);
      try {
        await body(page);
        assert.deepEqual(complaints, []);
      } finally {
        await page.context().close();
      }
    };
    const at = (key: keyof typeof plugin.handlers, body: (page: Page) => Promise<void>) =>
      inPage(`${system.url}/#/${type(key)}`, body);
    const cancel = (page: Page) => page.getByRole("button", { name: "Cancel" }).click();
    const newTab = (page: Page) => page.getByRole("button", { name: "New tab" }).click();
    const tab = (page: Page, name: string | RegExp) => page.getByRole("tab", { name });

    it("runs several at once in tabs, and cancels one that is still queued", () =>
      at("steps", async (page) => {
        await page.getByLabel("ms").fill("60000");
        await run(page);
        await runReads(page, /^Running on/);
        await newTab(page);
        await runReads(page, "Not run yet");
        await run(page);
        await runReads(page, "Queued: waiting for a worker");
        assert.equal(await tab(page, /^Run/).count(), 2);
        await page.getByText(
          "Those that serve this are busy, or gone. Over RabbitMQ, this starts one:",
        ).waitFor();
        assert.deepEqual(await checkScreen(page, `runs-queued-${engine}`), []);
        await cancel(page);
        await runReads(page, "Cancelled");
        await tab(page, "Run 2").press("ArrowLeft");
        await runReads(page, /^Running on/);
        assert.equal(
          await page.evaluate(() => document.activeElement?.textContent),
          "Run 1 running",
        );
        await page.keyboard.press("End");
        await runReads(page, "Cancelled");
        await page.keyboard.press("ArrowRight");
        await runReads(page, /^Running on/);
        await page.getByRole("button", { name: "Close tab 1" }).click();
        await runReads(page, "Cancelled");
        assert.deepEqual(await tab(page, /^Run/).allInnerTexts(), ["Run 2 cancelled"]);
      }));

    it("keeps the selected tab in sight where not all have room", () =>
      at("tree", async (page) => {
        await page.setViewportSize({ width: 380, height: 800 });
        for (let n = 1; n <= 4; n++) {
          if (n > 1) await newTab(page);
          await run(page);
          await runReads(page, "Succeeded");
        }
        const list = await page.getByRole("tablist").boundingBox();
        const last = await tab(page, "Run 4 succeeded").boundingBox();
        assert.ok(list && last && last.x >= list.x);
        assert.ok(last.x + last.width <= list.x + list.width + 1, "its end is seen, too");
      }));

    it("shows what becomes of a run to whoever started it from a field above", () =>
      at("count", async (page) => {
        await page.setViewportSize({ width: 380, height: 400 });
        await page.getByLabel("everyMs").fill("0");
        await page.getByLabel("to", { exact: true }).fill("1");
        await page.keyboard.press("Control+Enter");
        await runReads(page, "Succeeded");
        const place = await page.getByRole("status", { name: "Run" }).boundingBox();
        assert.ok(place && place.y >= 0 && place.y + place.height <= 400);
      }));

    it("shows how far a run is, what remains, and its log by level", () =>
      at("steps", async (page) => {
        await page.getByLabel("ms").fill("4000");
        await run(page);
        const bar = page.getByRole("progressbar", { name: "Progress" });
        await page.getByText(/^about \d\.\d s left$/).waitFor();
        assert.ok(Number(await bar.getAttribute("aria-valuenow")) >= 25);
        assert.match(await bar.getAttribute("aria-valuetext") ?? "", /^\d+ % step \d+ of 20$/);
        const log = page.getByRole("region", { name: "Log" });
        await log.getByText("this step went wrong").waitFor();
        assert.match(await log.innerText(), /debug getting ready/);
        assert.deepEqual(await checkScreen(page, `runs-progress-${engine}`), []);
        await log.getByLabel("Lowest level shown").selectOption("warn");
        const lines = await log.getByRole("listitem").allInnerTexts();
        assert.deepEqual(lines.map((line) => line.replace(/^.*?(warn|error)/, "$1").trim()), [
          "warn this step was slow",
          "error this step went wrong",
        ]);
        await runReads(page, "Succeeded");
        assert.equal(await bar.count(), 0);
        assert.match(await output(page).innerText(), /done/);
      }));

    it("tells failed, timed out and lost apart, and tries again where that may help", async () => {
      await at("late", async (page) => {
        await run(page);
        await runReads(page, "Timed out");
        await page.getByRole("alert", { name: "Error" }).getByText("TIMEOUT").waitFor();
        assert.deepEqual(await checkScreen(page, `runs-late-${engine}`), []);
      });
      await at("fails", async (page) => {
        await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        const code = page.getByLabel("code");
        const alert = page.getByRole("alert", { name: "Error" });
        await code.fill("FULL");
        await run(page);
        await runReads(page, "Failed");
        await alert.getByText("Full for now.").waitFor();
        await alert.getByText(/It was running on w-\S+, after \d+ ms\. Trying again may/).waitFor();
        await alert.getByRole("button", { name: "Copy error" }).click();
        await alert.getByText("Copied.").waitFor();
        const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
        assert.equal(copied.code, "FULL");
        await alert.getByText(copied.requestId).waitFor();
        assert.deepEqual(await checkScreen(page, `runs-failed-${engine}`), []);
        await alert.getByRole("button", { name: "Retry" }).click();
        await runReads(page, "Succeeded");
        await newTab(page);
        await code.fill("WORKER_LOST");
        await run(page);
        await runReads(page, "Lost");
      });
    });

    it("says soon that no worker is there, how to start one, and runs once one is", async () => {
      const other = createOutputPlugin();
      const worker = await system.startWorker([other.plugin]);
      await inPage(`${system.url}/#/${other.type("tree")}`, async (page) => {
        await page.getByRole("button", { name: "Run", exact: true }).waitFor();
        await worker.close();
        const startedAt = performance.now();
        await run(page);
        const panel = page.getByRole("tabpanel");
        await panel.getByText(`${TASK} worker`).waitFor();
        assert.ok(performance.now() - startedAt < 2_000);
        await runReads(page, "Queued: no worker serves it now");
        assert.deepEqual(await checkScreen(page, `runs-no-worker-${engine}`), []);
        await system.startWorker([other.plugin]);
        await runReads(page, "Succeeded");
      });
    });

    // In the embedded engine a worker is no process of its own.
    if (engine === "rabbitmq") {
      /** A worker in a process of its own, with a handler of this body, and a page at it. */
      const withWorker = async (
        handle: string,
        body: (page: Page, worker: RunningScript) => Promise<void>,
      ): Promise<void> => {
        const folder = await mkdtemp(join(tmpdir(), "plugboard-killed-"));
        const name = `k${createId().replaceAll(/[-_]/g, "")}`;
        await writeFile(
          join(folder, "killed.ts"),
          `import { definePlugin, handler } from "plugboard";
import * as v from "valibot";
export default definePlugin({ name: "${name}", handlers: { go: handler({
  input: v.object({}), output: v.null(), timeoutMs: 3_000, handle: ${handle} }) } });`,
        );
        const worker = spawnScript("workers/main.ts", { env: { PLUGINS_DIR: folder } });
        try {
          await inPage(`${system.url}/#/${name}.go`, (page) => body(page, worker));
        } finally {
          await worker.stop("SIGKILL");
          await rm(folder, { recursive: true });
        }
      };

      it("says soon that a worker may be gone which hangs, and that one is which was killed", () =>
        withWorker("() => null", async (page, worker) => {
          await run(page);
          await runReads(page, "Succeeded");
          const panel = page.getByRole("tabpanel");
          const runInVain = async (why: string) => {
            const startedAt = performance.now();
            await run(page);
            await panel.getByText(why).waitFor();
            await panel.getByText(`${TASK} worker`).waitFor();
            assert.ok(performance.now() - startedAt < 2_000);
            await runReads(page, "Queued");
          };
          process.kill(worker.process.pid!, "SIGSTOP");
          await runInVain("Those that serve this are busy, or gone.");
          await runReads(page, "Timed out");
          await panel.getByText("No worker took it.").waitFor();
          await panel.getByText("It was queued for 1 worker, after 3.").waitFor();
          await worker.stop("SIGKILL");
          await runInVain("No worker online serves this.");
          await panel.getByText("NO_WORKER").waitFor();
        }));

      it("says so, too, when the worker is killed that a run is on", () =>
        withWorker("() => new Promise(() => {})", async (page, worker) => {
          await run(page);
          await runReads(page, /^Running on \S+$/);
          await worker.stop("SIGKILL");
          await runReads(page, "no worker serves it now", 2_000);
          await page.getByRole("tabpanel").getByText(`${TASK} worker`).waitFor();
        }));
    }

    it("goes on with a run over a lost connection, while other things are looked at", async () => {
      const proxy = await createTcpProxy({ port: Number(new URL(system.url).port) });
      const total = 1_500;
      try {
        await inPage(`http://127.0.0.1:${proxy.port}/#/${type("count")}`, async (page) => {
          await page.getByLabel("to", { exact: true }).fill(String(total));
          await page.getByLabel("everyMs").fill("4");
          await run(page);
          await output(page).getByText(/number 100\b/).waitFor();
          proxy.pause();
          proxy.cut();
          const banner = page.getByText("No connection to the gateway; trying again.");
          await banner.waitFor();
          await page.getByText(/The run under way goes on .* within (20|1\d) s/).waitFor();
          assert.deepEqual(await checkScreen(page, `runs-away-${engine}`), []);
          await page.getByLabel("everyMs").fill("77");
          proxy.resume();
          await banner.waitFor({ state: "hidden" });
          assert.equal(await page.getByLabel("everyMs").inputValue(), "77", "the draft is kept");
          await page.getByRole("link", { name: type("tree") }).click();
          await page.getByRole("link", { name: `${type("count")} 1 under way` }).waitFor();
          proxy.cut();
          await page.getByRole("link", { name: type("count") }).click();
          await runReads(page, "Succeeded");
          const [file] = await Promise.all([
            page.waitForEvent("download"),
            output(page).getByRole("button", { name: "Download" }).click(),
          ]);
          const lines = (await readFile(await file.path(), "utf8")).trimEnd().split("\n");
          assert.deepEqual(lines, Array.from({ length: total }, (_, n) => `number ${n}`));
        });
      } finally {
        await proxy.close();
      }
    });
  });
}
