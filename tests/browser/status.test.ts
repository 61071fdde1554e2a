import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { checkScreen } from "../harness/checkScreen.ts";
import { failureOf } from "../harness/failureOf.ts";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { chromiumMissing, launchChromium } from "../harness/launchChromium.ts";
import { openPage } from "../harness/openPage.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

for (const engine of ENGINES) {
  describe(`the status view over the ${engine} engine`, () => {
    const { plugin, type } = createTestPlugin();
    const skip = chromiumMissing || skipWithout(engine).skip;
    let system: System;
    let browser: Browser;
    before(async () => {
      if (skip) return;
      system = await startSystem({ engine, plugins: [plugin] });
      browser = await launchChromium();
    });
    after(async () => {
      await browser?.close();
      await system?.stop();
    });

    /** A test in a tab of its own; whatever it does, the console must have nothing to say. */
    const inTab = (name: string, body: (page: Page) => Promise<void>) =>
      it(name, { skip }, async () => {
        const { page, complaints } = await openPage(browser, system.url);
        try {
          await page.getByRole("link", { name: "Status", exact: true }).click();
          await page.getByRole("heading", { name: "Status" }).waitFor();
          await body(page);
          assert.deepEqual(complaints, []);
        } finally {
          await page.context().close();
        }
      });

    inTab("says that nothing has happened yet", async (page) => {
      await page.getByText("No request has ended yet.").waitFor();
      assert.equal(await fact(page, "p95"), "–");
      assert.deepEqual(await checkScreen(page, `status-empty-${engine}`), []);
    });

    inTab("shows who is online and what each serves", async (page) => {
      const workers = page.getByRole("region", { name: "Workers", exact: true });
      await workers.getByText("1 worker online").waitFor();
      await workers.getByText(`${plugin.name}: echo, count`).waitFor();
      const second = await system.startWorker();
      await workers.getByText("2 workers online").waitFor();
      await second.close();
      await workers.getByText("1 worker online").waitFor();
    });

    inTab("shows what ended how, what runs and what waits, as it happens", async (page) => {
      const { request } = system.connect();
      for (let n = 0; n < 20; n++) await request(type("echo"), n);
      for (let n = 0; n < 5; n++) await failureOf(request(type("throws")));
      const works = Array.from({ length: 6 }, () => request(type("work"), { ms: 400_000 }));
      const outcomes = Promise.allSettled(works);
      await until(async () => await fact(page, "Waiting") === "4");
      assert.equal(await fact(page, "In flight"), "6");
      assert.equal(await fact(page, "Errors"), "20 %");
      assert.match(await fact(page, "p50"), /\d ms$/);
      const row = (name: string) => page.getByRole("row").filter({ hasText: name });
      assert.match(await row(type("echo")).innerText(), /\b20\b/);
      assert.match(await row(type("throws")).innerText(), /100 %\s+HANDLER_FAILED 5/);
      assert.match(await row(type("work")).innerText(), /\b4$/);

      const chart = page.getByRole("img", { name: /^Under way, last 15 minutes/ });
      await page.getByRole("img", { name: /in flight 6, waiting 4; highest 6\./ }).waitFor();
      assert.match(
        await chart.locator(".line").first().getAttribute("d") ?? "",
        /[ML]100.00 40.00(h0)?$/,
      );
      assert.deepEqual(await checkScreen(page, `status-busy-${engine}`), []);
      for (const work of works) work.cancel();
      await outcomes;
      await until(async () => await fact(page, "In flight") === "0");
    });

    inTab("shows each chart as a table too, by keyboard", async (page) => {
      await system.connect().request(type("echo"), 1);
      for (const title of ["Requests per second", "Error share", "Time", "Under way"]) {
        await page.getByRole("img", { name: `${title}, last 15 minutes` }).waitFor();
        await page.getByRole("button", { name: `Show as table: ${title}` }).focus();
        await page.keyboard.press("Enter");
        const table = page.getByRole("region", { name: `${title}, table` });
        await table.getByRole("rowheader", { name: "now" }).waitFor();
        assert.equal(await page.getByRole("img", { name: title }).count(), 0);
      }
      assert.deepEqual(await checkScreen(page, `status-tables-${engine}`), []);
      await page.getByRole("button", { name: "Show as chart: Time" }).click();
      await page.getByRole("img", { name: "Time, last 15 minutes" }).waitFor();
    });

    inTab("shows what was before it was opened", async (page) => {
      const img = page.getByRole("img", { name: "Requests per second, last 15 minutes" });
      const values = async () => (await img.locator(".line").first().getAttribute("d"))!.split("L");
      await until(async () => (await values()).length >= 2);
      const known = (await values()).length;
      await page.reload();
      await until(async () => (await values()).length >= known);
    });
  });
}

/** What is said under a name in the facts of the gateway. */
const fact = (page: Page, name: string): Promise<string> =>
  page.locator(".facts-grid div", { has: page.locator("dt", { hasText: name }) }).locator("dd")
    .innerText();
