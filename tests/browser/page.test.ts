import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { chromiumMissing, launchChromium } from "../harness/launchChromium.ts";
import { openPage } from "../harness/openPage.ts";
import { ENGINES, skipWithout, startSystem } from "../harness/startSystem.ts";

for (const engine of ENGINES) {
  describe(`the page, over ${engine}`, skipWithout(engine), () => {
    let system: Awaited<ReturnType<typeof startSystem>>;
    let browser: Browser;

    before(async () => {
      if (chromiumMissing) return;
      system = await startSystem({ engine });
      browser = await launchChromium();
    });
    after(async () => {
      await browser?.close();
      await system?.stop();
    });

    /** A test in a tab of its own; whatever it does, the console must have nothing to say. */
    const inTab = (name: string, body: (page: Page) => Promise<void>) =>
      it(name, { skip: chromiumMissing }, async () => {
        const { page, complaints } = await openPage(browser, system.url);
        try {
          await body(page);
          assert.deepEqual(complaints, []);
        } finally {
          await page.context().close();
        }
      });

    inTab("lists the plugins, and says that it is connected", async (page) => {
      const plugins = page.getByRole("navigation", { name: "Plugins" });
      for (const type of ["math.add", "text.stats", "system.info", "csv.summarise"]) {
        await plugins.getByRole("link", { name: type }).waitFor();
      }
      await plugins.getByText("1 worker online").waitFor();
      await isConnected(page);
    });

    inTab("adds two numbers with its form", async (page) => {
      await choose(page, "math.add");
      await page.getByLabel("First number").fill("40");
      await page.getByLabel("Second number").fill("2");
      await page.keyboard.press("Control+Enter");
      await runReads(page, "Succeeded");
      assert.match(await output(page).innerText(), /\b42\b/);
    });

    inTab("streams primes with their progress until they are cancelled", async (page) => {
      await choose(page, "math.primes");
      await page.getByLabel("Up to").fill("10000000");
      await run(page);
      await runReads(page, "Running on");
      await page.getByRole("progressbar", { name: "Progress" }).waitFor();
      await output(page).getByText("The newest 2,000 are shown here.").waitFor();
      await page.getByRole("button", { name: "Cancel" }).click();
      await runReads(page, "Cancelled");
      await page.getByRole("button", { name: "Run" }).waitFor();
      assert.match(await output(page).innerText(), /\d{4,} \d{4,}/);
    });

    inTab("shows what the worker has against a field at that field", async (page) => {
      await choose(page, "text.search");
      const pattern = page.getByLabel("Pattern");
      await pattern.fill("");
      await run(page);
      await runReads(page, "Failed");
      await page.getByRole("alert").getByText("INVALID_REQUEST", { exact: true }).waitFor();
      assert.equal(await pattern.getAttribute("aria-invalid"), "true");
      const described = await pattern.getAttribute("aria-describedby");
      assert.match(await page.locator(`[id="${described}"]`).innerText(), /length/i);
      await pattern.fill("crew");
      assert.equal(await pattern.getAttribute("aria-invalid"), null);
    });

    inTab("does not send what is no number, and goes to it", async (page) => {
      await choose(page, "math.add");
      const first = page.getByLabel("First number");
      await first.fill("many");
      await run(page);
      await page.getByText('"many" is not a number.').waitFor();
      assert.equal(await page.getByRole("status", { name: "Run" }).innerText(), "Not run yet");
      assert.ok(await first.evaluate((element) => element === document.activeElement));
    });

    inTab("sends a file as bytes and shows what comes back as a table", async (page) => {
      await choose(page, "csv.summarise");
      const buffer = Buffer.from("name,age\nAnn,31\nBob,40\n");
      const file = { name: "people.csv", mimeType: "text/csv", buffer };
      await page.getByLabel("File", { exact: true }).setInputFiles(file);
      await page.getByText("people.csv: 23 bytes").waitFor();
      await run(page);
      await runReads(page, "Succeeded");
      await output(page).getByRole("cell", { name: "age", exact: true }).waitFor();
    });

    inTab("sees at once that the network is gone, and connects again", async (page) => {
      await isConnected(page);
      const isLost = status(page, { of: "Connection", text: "No connection (" });
      await page.evaluate(() => dispatchEvent(new Event("offline")));
      await isLost;
      await isConnected(page);
    });

    inTab("shows the same handler again after a reload", async (page) => {
      await choose(page, "math.add");
      await page.reload();
      await page.getByRole("heading", { name: "Add two numbers" }).waitFor();
      await isConnected(page);
    });
  });
}

const choose = (page: Page, type: string) => page.getByRole("link", { name: type }).click();
const run = (page: Page) => page.getByRole("button", { name: "Run" }).click();
const output = (page: Page) => page.getByRole("region", { name: "Output" });
const status = (page: Page, { of, text }: { of: string; text: string }) =>
  page.getByRole("status", { name: of }).filter({ hasText: text }).waitFor();
const runReads = (page: Page, text: string) => status(page, { of: "Run", text });
const isConnected = (page: Page) => status(page, { of: "Connection", text: "Connected" });
