import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { checkScreen } from "../harness/checkScreen.ts";
import { createTestPlugin } from "../harness/createTestPlugin.ts";
import { failureOf } from "../harness/failureOf.ts";
import { chromiumMissing, launchChromium } from "../harness/launchChromium.ts";
import { openPage } from "../harness/openPage.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

for (const engine of ENGINES) {
  describe(`the log view over the ${engine} engine`, () => {
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
          await page.getByRole("link", { name: "Log", exact: true }).click();
          await page.getByRole("heading", { name: "Log", exact: true }).waitFor();
          await body(page);
          assert.deepEqual(complaints, []);
        } finally {
          await page.context().close();
        }
      });

    /** Makes a request that fails, and gives its id. */
    const fail = async (): Promise<string> =>
      (await failureOf(system.connect().request(type("throws"), "words of a payload"))).requestId;

    inTab("shows a request that fails, at once, and nothing of what it holds", async (page) => {
      const id = await fail();
      const line = page.getByRole("listitem").filter({ hasText: id });
      await line.filter({ hasText: `A request of ${type("throws")} ended: HANDLER_FAILED.` })
        .waitFor();
      assert.match(await line.filter({ hasText: "ended" }).innerText(), /^[\d:.]+\s+warn/);
      assert.doesNotMatch(await page.content(), /words of a payload|secret of the handler/);
      assert.deepEqual(await checkScreen(page, `logs-${engine}`), []);
    });

    inTab("shows what was before it was opened, and narrows it to one request", async (page) => {
      const [id, other] = [await fail(), await fail()];
      await page.reload();
      await page.getByRole("button", { name: other }).first().waitFor();
      await page.getByRole("button", { name: id }).first().click();
      assert.equal(await page.getByLabel("Request id").inputValue(), id);
      await until(async () => await page.getByRole("button", { name: other }).count() === 0);
      for (const line of await lines(page).allInnerTexts()) assert.ok(line.includes(id), line);
    });

    inTab("narrows by level and by words, and says when nothing is left", async (page) => {
      const id = await fail();
      await page.getByRole("button", { name: id }).first().waitFor();
      await page.getByLabel("From level").selectOption("warn");
      await until(async () =>
        (await lines(page).allInnerTexts()).every((line) => /\b(warn|error)\b/.test(line))
      );
      await page.getByLabel("Search").fill("handler_failed");
      await until(async () =>
        (await lines(page).allInnerTexts()).every((line) => /HANDLER_FAILED/.test(line))
      );
      assert.ok(await lines(page).count() > 0);
      await page.getByLabel("Search").fill("nothing has such words");
      await page.getByText("No line", { exact: true }).waitFor();
      assert.deepEqual(await checkScreen(page, `logs-none-${engine}`), []);
    });

    inTab("stands still while it is paused, and says how much waits", async (page) => {
      const first = await fail();
      await page.getByLabel("From level").selectOption("warn");
      await page.getByRole("button", { name: first }).first().waitFor();
      await page.getByRole("button", { name: "Pause" }).click();
      const count = await lines(page).count();
      const second = await fail();
      const goOn = page.getByRole("button", { name: /^Go on \([1-9]\d* new\)$/ });
      await goOn.waitFor();
      assert.equal(await lines(page).count(), count);
      assert.deepEqual(await checkScreen(page, `logs-paused-${engine}`), []);
      await goOn.click();
      await page.getByRole("button", { name: second }).first().waitFor();
    });
  });
}

const lines = (page: Page) => page.getByRole("region", { name: "Log lines" }).getByRole("listitem");
