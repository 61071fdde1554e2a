import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { after, before, describe, it } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { checkScreen } from "../harness/checkScreen.ts";
import { chromiumMissing, launchChromium } from "../harness/launchChromium.ts";
import { openPage } from "../harness/openPage.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { createOutputPlugin } from "./outputPlugin.ts";
import { output, run, runReads } from "./steps.ts";

/** How long a flood lasts, in seconds: what shows in 20 s shows in 6 s too, but for slow leaks. */
const FLOOD_S = Number(process.env.FLOOD_S ?? 6);

for (const engine of ENGINES) {
  const skip = skipWithout(engine).skip || chromiumMissing;

  describe(`the output of a run over ${engine}`, { skip }, () => {
    const { plugin, type } = createOutputPlugin();
    type Key = keyof typeof plugin.handlers;
    let system: System;
    let browser: Browser;

    before(async () => {
      if (skip) return;
      const settings = { MAX_PAYLOAD_BYTES: String(64 * 1024 ** 2) };
      system = await startSystem({ engine, plugins: [plugin], settings });
      browser = await launchChromium();
    });
    after(async () => {
      await browser?.close();
      await system?.stop();
    });

    /** A test in a tab of its own, at a handler; the console must have nothing to say. */
    const at = (key: Key, name: string, body: (page: Page) => Promise<void>) =>
      it(name, { skip }, async () => {
        const { page, complaints } = await openPage(browser, `${system.url}/#/${type(key)}`);
        try {
          await body(page);
          assert.deepEqual(complaints, []);
        } finally {
          await page.context().close();
        }
      });

    at(
      "terminal",
      "shows text in the colours of a terminal, and a link that is one",
      async (page) => {
        await run(page);
        await runReads(page, "Succeeded");
        const coloured = output(page).getByText("line 1", { exact: true });
        assert.match(await coloured.getAttribute("class") ?? "", /\bf1\b/);
        assert.doesNotMatch(await output(page).innerText(), /\[3\dm/);
        const link = output(page).getByRole("link", { name: "https://example.org/end" });
        assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
        assert.deepEqual(await checkScreen(page, `output-terminal-${engine}`), []);
      },
    );

    at("parts", "colours a text that comes in parts", async (page) => {
      await run(page);
      const red = output(page).getByText("red", { exact: true });
      assert.match(await red.getAttribute("class") ?? "", /\bf1\b/);
    });

    at("document", "draws Markdown without running anything in it", async (page) => {
      await run(page);
      await output(page).getByRole("heading", { name: "Report" }).waitFor();
      await output(page).getByRole("cell", { name: "a", exact: true }).waitFor();
      const links = output(page).getByRole("link");
      assert.deepEqual(await links.allInnerTexts(), ["the site"]);
      assert.equal(await output(page).locator("img").count(), 0);
      assert.deepEqual(await checkScreen(page, `output-markdown-${engine}`), []);
      await output(page).getByLabel("Show as").selectOption("Text");
      await output(page).getByText("# Report").waitFor();
    });

    at("tree", "opens a tree part by part, and draws only what is open", async (page) => {
      await run(page);
      await runReads(page, "Succeeded");
      await output(page).locator("summary", { hasText: "many:" }).waitFor();
      const nodes = () => output(page).locator("details").count();
      assert.equal(await nodes(), 2);
      await output(page).locator("summary", { hasText: "many:" }).click();
      await output(page).getByRole("button", { name: "100 more of 900" }).click();
      await output(page).getByRole("button", { name: "100 more of 800" }).waitFor();
      assert.equal(await nodes(), 202);
      await output(page).locator("summary", { hasText: "199:" }).press("Enter");
      await output(page).locator(".key", { hasText: "inner:" }).waitFor();
      await output(page).getByRole("link", { name: "https://example.org/tree" }).waitFor();
      assert.deepEqual(await checkScreen(page, `output-tree-${engine}`), []);
    });

    at("nothing", "writes that it was null", async (page) => {
      await run(page);
      await output(page).getByText("null", { exact: true }).waitFor();
    });

    at("rows", "sorts and scrolls 100,000 rows, of which it draws a few", async (page) => {
      await run(page);
      await output(page).getByText("100,000 values").waitFor();
      const rows = output(page).locator("tbody tr[aria-rowindex]");
      assert.ok(await rows.count() < 100);
      const score = output(page).getByRole("button", { name: "score" });
      const header = output(page).getByRole("columnheader", { name: "score" });
      assert.equal(await header.getAttribute("aria-sort"), "none");
      await score.click();
      assert.equal(await header.getAttribute("aria-sort"), "ascending");
      await score.press("Enter");
      assert.equal(await header.getAttribute("aria-sort"), "descending");
      await rows.first().getByText("99999", { exact: true }).waitFor();
      assert.deepEqual(await checkScreen(page, `output-table-${engine}`), []);
      await score.click();
      const scroller = output(page).getByRole("group", { name: "Values" });
      await scroller.press("End");
      await rows.getByText("row 99999", { exact: true }).waitFor();
      const longest = await longestTaskWhile(page, async () => {
        for (let n = 0; n < 20; n++) await page.mouse.wheel(0, -50_000);
      });
      assert.ok(longest < 100, `a task took ${longest} ms`);
      assert.ok(await rows.count() < 100);
    });

    at("picture", "shows a picture, also an SVG, of which nothing runs", async (page) => {
      for (const kind of ["png", "svg"]) {
        await page.getByLabel("kind").selectOption(kind);
        await run(page);
        await output(page).getByText(`${kind}, `).waitFor();
        const image = output(page).getByRole("img");
        assert.match(await image.getAttribute("src") ?? "", /^blob:/);
        const width = () => image.evaluate((one) => (one as HTMLImageElement).naturalWidth);
        await page.waitForFunction(() => document.querySelector("img")?.complete);
        assert.equal(await width(), kind === "png" ? 8 : 80);
        assert.equal(await page.title(), "Plugboard");
      }
      assert.deepEqual(await checkScreen(page, `output-picture-${engine}`), []);
      await page.getByLabel("kind").selectOption("bin");
      await run(page);
      await output(page).getByText("3 bytes").waitFor();
      const file = await download(
        page,
        output(page).getByRole("button", { name: "Download" }).first(),
      );
      assert.deepEqual([file.name, [...file.bytes]], [`${type("picture")}.bin`, [0, 1, 2]]);
    });

    at("load", "draws a stream of numbers as lines, with the table below", async (page) => {
      const before = await page.evaluate(() => performance.getEntriesByType("resource").length);
      assert.ok(before > 0);
      const loaded = () =>
        page.evaluate(() =>
          performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/chart.js"))
        );
      assert.equal(await loaded(), false, "before there is a chart");
      await run(page);
      await output(page).getByRole("img", { name: /^Line chart of Processor: 0\.\d+/ }).waitFor();
      await output(page).getByRole("img", { name: /^Line chart of Memory/ }).waitFor();
      await output(page).locator("canvas").first().waitFor();
      assert.equal(await loaded(), true);
      await runReads(page, "Succeeded");
      await output(page).getByRole("cell", { name: "2025-06-15T15:07:39.000Z" }).waitFor();
      assert.ok(await hasInk(output(page).locator("canvas").first()));
      assert.deepEqual(await checkScreen(page, `output-chart-${engine}`), []);
    });

    at(
      "rows",
      "copies and downloads what is shown, in the form in which it is shown",
      async (page) => {
        await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        await page.getByLabel("Count").fill("3");
        await run(page);
        await runReads(page, "Succeeded");
        const save = () => download(page, output(page).getByRole("button", { name: "Download" }));
        const csv = await save();
        assert.equal(csv.name, `${type("rows")}.csv`);
        assert.match(String(csv.bytes), /^id,name,score,url\r\n0,row 0,0,https/);
        await output(page).getByLabel("Show as").selectOption("Tree");
        const json = await save();
        assert.equal(json.name, `${type("rows")}.json`);
        assert.equal(JSON.parse(String(json.bytes)).length, 3);
        await output(page).getByRole("button", { name: "Copy" }).click();
        await output(page).getByText("Copied.").waitFor();
        const copied = await page.evaluate(() => navigator.clipboard.readText());
        assert.equal(JSON.parse(copied)[2].name, "row 2");
        await page.getByRole("link", { name: type("tree") }).click();
        await page.getByRole("link", { name: type("rows") }).click();
        assert.equal(await output(page).getByLabel("Show as").inputValue(), "Tree");
      },
    );

    at(
      "count",
      "stands still where its reader scrolled to, and goes on at a click",
      async (page) => {
        await page.getByLabel("to", { exact: true }).fill("100000");
        await page.getByLabel("everyMs").fill("5");
        await run(page);
        const scroller = output(page).getByRole("group", { name: "Values" });
        await output(page).getByText(/number 80\b/).waitFor();
        await scroller.hover();
        await page.mouse.wheel(0, -300);
        const fresh = output(page).getByRole("button", { name: /^↓ [\d,]+ new$/ });
        await fresh.filter({ hasText: /[2-9]\d new/ }).waitFor();
        const position = () => scroller.evaluate(({ scrollTop }) => scrollTop);
        const text = await scroller.innerText();
        const top = await position();
        assert.deepEqual(await checkScreen(page, `output-held-${engine}`), []);
        await fresh.filter({ hasText: /\d{3,} new/ }).waitFor();
        assert.deepEqual([await scroller.innerText(), await position()], [text, top]);
        await fresh.click();
        await fresh.waitFor({ state: "hidden" });
        const isAtEnd = () =>
          scroller.evaluate((one) => one.scrollTop + one.clientHeight >= one.scrollHeight - 10);
        assert.ok(await isAtEnd());
        assert.ok((await scroller.innerText()).length > text.length);
        await page.getByRole("button", { name: "Cancel" }).click();
        await runReads(page, "Cancelled");
      },
    );

    at(
      "flood",
      "keeps a sorted table still while its stream goes on, until it is asked on",
      async (page) => {
        await page.getByLabel("perSecond").fill("200");
        await page.getByLabel("seconds").fill("60");
        await page.getByLabel("kind").selectOption("rows");
        await run(page);
        await output(page).getByText(/^[1-9][0-9]{2,} values$/).waitFor();
        const id = output(page).getByRole("button", { name: "id", exact: true });
        await id.click();
        await id.click();
        const newest = async () =>
          Number(await output(page).locator("tbody tr[aria-rowindex='2'] td").first().innerText());
        const before = await newest();
        const fresh = output(page).getByRole("button", { name: /^↓ \d+ new$/ });
        await fresh.filter({ hasText: /\d{2,} new/ }).waitFor();
        assert.equal(await newest(), before);
        await fresh.click();
        await page.waitForFunction((before) => {
          const cell = document.querySelector("tbody tr[aria-rowindex='2'] td");
          return Number(cell?.textContent) > before;
        }, before);
        await page.getByRole("button", { name: "Cancel" }).click();
        await runReads(page, "Cancelled");
      },
    );

    for (const kind of ["text", "rows"]) {
      at(
        "flood",
        `takes 5,000 chunks of ${kind} a second for ${FLOOD_S} s without a hitch`,
        async (page) => {
          await page.getByLabel("perSecond").fill("5000");
          await page.getByLabel("seconds").fill(`${FLOOD_S}`);
          await page.getByLabel("kind").selectOption(kind);
          const cdp = await page.context().newCDPSession(page);
          const heap = async () => {
            await cdp.send("HeapProfiler.collectGarbage");
            const { usedSize } = await cdp.send("Runtime.getHeapUsage");
            return Math.round(usedSize / 1024 ** 2);
          };
          const before = await heap();
          const longest = await longestTaskWhile(page, async () => {
            await run(page);
            await runReads(page, /^(Queued|Running)/);
            await runReads(page, "Succeeded", 60_000);
          });
          await output(page).getByText(`${(5_000 * FLOOD_S).toLocaleString("en")} values`)
            .waitFor();
          const grown = await heap() - before;
          assert.ok(longest < 100, `a task took ${longest} ms`);
          assert.ok(grown < 64, `the heap grew by ${grown} MiB`);
          assert.deepEqual(await checkScreen(page, `output-flood-${kind}-${engine}`), []);
        },
      );
    }
  });
}

/**
 * The longest task of the page's thread meanwhile, in milliseconds: no frame takes longer. What else
 * the machine does may hold the page up, so of three tries the best one counts.
 */
const longestTaskWhile = async (page: Page, body: () => Promise<void>): Promise<number> => {
  const durations: number[] = [];
  await page.exposeFunction("onLongTask", (duration: number) => void durations.push(duration));
  await page.evaluate(() => {
    const { onLongTask } = globalThis as unknown as { onLongTask(duration: number): void };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) onLongTask(duration);
    }).observe({ type: "longtask" });
  });
  let best = Infinity;
  for (let tries = 0; tries < 3 && best >= 100; tries++) {
    durations.length = 0;
    await body();
    best = Math.min(best, Math.max(0, ...durations));
  }
  return best;
};

const download = async (
  page: Page,
  button: Locator,
): Promise<{ name: string; bytes: Uint8Array }> => {
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  return { name: file.suggestedFilename(), bytes: await readFile(await file.path()) };
};

const hasInk = (canvas: Locator): Promise<boolean> =>
  canvas.evaluate((element) => {
    const { width, height } = element as HTMLCanvasElement;
    const pixels = (element as HTMLCanvasElement).getContext("2d")!.getImageData(
      0,
      0,
      width,
      height,
    );
    return pixels.data.some((value) => value > 0);
  });
