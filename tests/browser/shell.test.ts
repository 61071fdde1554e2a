import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe } from "node:test";
import { definePlugin, handler } from "plugboard";
import type { Page } from "playwright-core";
import * as v from "valibot";
import { createId } from "../../common/ids.ts";
import { TASK } from "../../common/task.ts";
import { checkScreen } from "../harness/checkScreen.ts";
import { inTabs } from "../harness/inTabs.ts";
import { chromiumMissing } from "../harness/launchChromium.ts";
import { type StartedPlugboard, startPlugboard } from "../harness/startProcess.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

/** How soon the page shows what the gateway knows, in milliseconds. */
const SOON = { timeout: 1_000 };

const plugins = (page: Page) => page.getByRole("navigation", { name: "Plugins" });
const link = (page: Page, name: string) => plugins(page).getByRole("link", { name });
const dialog = (page: Page, name: string) => page.getByRole("dialog", { name });
const hasFocus = (page: Page, selector: string) => page.locator(`${selector}:focus`).waitFor();

const pluginCalled = (name: string, title: string) =>
  definePlugin({
    name,
    handlers: { go: handler({ title, input: v.object({}), output: v.null(), handle: () => null }) },
  });

for (const engine of ENGINES) {
  describe(`the page, over ${engine}`, skipWithout(engine), () => {
    let system: System;
    const [first, second] = [`a${createId().slice(0, 5)}`, `b${createId().slice(0, 5)}`]
      .map((name) => name.replaceAll(/[-_]/g, "x")) as [string, string];
    before(async () => {
      if (chromiumMissing) return;
      system = await startSystem({ engine, plugins: [pluginCalled(first, "First of all")] });
    });
    after(() => system?.stop());

    inTabs()(
      "shows a plugin that comes, changes or goes, without a reload",
      () => system.url,
      async (page) => {
        await link(page, `${first}.go`).waitFor();
        const worker = await system.startWorker([pluginCalled(second, "Then this")]);
        await link(page, `Then this ${second}.go`).waitFor(SOON);
        await worker.close();
        await link(page, `${second}.go`).waitFor({ state: "detached", ...SOON });
        await system.startWorker([pluginCalled(second, "Now that")]);
        await link(page, `Now that ${second}.go`).waitFor(SOON);
        await link(page, `${first}.go`).waitFor();
      },
    );
  });
}

describe("the page of a folder", () => {
  let folder: string;
  let product: StartedPlugboard;
  const inTab = inTabs();
  const save = (name: string, text: string) => writeFile(join(folder, name), text);
  const source = (title: string) =>
    `import { definePlugin, handler } from "plugboard";
import * as v from "valibot";
export default definePlugin({ name: "hello", handlers: { greet: handler({
  title: "${title}", input: v.object({}), output: v.string(), handle: () => "Hello!" }) } });`;

  before(async () => {
    if (chromiumMissing) return;
    folder = await mkdtemp(join(tmpdir(), "plugboard-shell-"));
    const env = { PLUGINS_DIR: folder };
    product = await startPlugboard({ env, args: ["--watch"], ready: false });
  });
  after(async () => {
    await product?.stop();
    if (folder) await rm(folder, { recursive: true });
  });
  const told = (text: string) => until(() => product.stdout().includes(text), { what: text });

  inTab(
    "is empty at first, says what makes a plugin, and shows each as its file is saved",
    () => product.url,
    async (page) => {
      await page.getByRole("heading", { name: "No plugins yet" }).waitFor();
      const command = `${TASK} new hello`;
      await page.getByRole("button", { name: `Copy ${command}` }).click();
      await page.getByRole("status").filter({ hasText: "copied" }).first().waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
      assert.deepEqual(await checkScreen(page, "empty"), []);

      await save("hello.ts", source("Greet"));
      await told("hello.greet");
      await link(page, "Greet hello.greet").waitFor(SOON);

      await save("broken.ts", "export default {\n  name: ,\n};\n");
      await told("did not load");
      const broken = page.getByRole("region", { name: "Broken files" });
      await broken.getByText("broken.ts:2").waitFor(SOON);
      assert.match(await broken.innerText(), /express|unexpected|parse/i);
      assert.deepEqual(await checkScreen(page, "broken"), []);
      await link(page, "hello.greet").click();
      await page.getByRole("button", { name: "Run" }).click();
      await page.getByRole("status", { name: "Run" }).getByText("Succeeded").waitFor();

      await rm(join(folder, "broken.ts"));
      await save("hello.ts", source("Greet anew"));
      await link(page, "Greet anew hello.greet").waitFor();
      await broken.waitFor({ state: "detached" });
      await page.getByRole("heading", { name: "Greet anew" }).waitFor();
    },
  );
});

describe("the page's keys", () => {
  let system: System;
  const inTab = inTabs();
  const url = () => system.url;
  before(async () => {
    if (!chromiumMissing) system = await startSystem({ engine: "embedded" });
  });
  after(() => system?.stop());

  inTab("find a handler by some of its letters", url, async (page) => {
    await link(page, "math.add").waitFor();
    await page.keyboard.press("Control+k");
    const input = dialog(page, "Find").getByRole("combobox");
    const marked = () => dialog(page, "Find").getByRole("option", { selected: true }).innerText();
    await input.waitFor();
    await page.keyboard.type("ste");
    const options = await dialog(page, "Find").getByRole("option").allInnerTexts();
    assert.ok(options.length > 1, String(options));
    const [before] = [await marked()];
    await page.keyboard.press("ArrowDown");
    assert.notEqual(await marked(), before);
    const active = await input.getAttribute("aria-activedescendant");
    assert.equal(await page.locator(`[id="${active}"]`).innerText(), await marked());
    await page.keyboard.press("ArrowUp");
    assert.equal(await marked(), before);
    assert.deepEqual(await checkScreen(page, "finder"), []);
    await input.fill("cs summ");
    await page.keyboard.press("Enter");
    await dialog(page, "Find").waitFor({ state: "detached" });
    await page.getByRole("heading", { name: "Summarise a CSV file" }).waitFor();
    await hasFocus(page, "h2");
  });

  inTab("leave everything as it was when the finder is closed by Esc", url, async (page) => {
    await link(page, "math.add").click();
    await page.getByLabel("First number").focus();
    await page.keyboard.press("Meta+k");
    await page.keyboard.type("primes");
    await page.keyboard.press("Escape");
    await dialog(page, "Find").waitFor({ state: "detached" });
    assert.match(page.url(), /math\.add$/);
    await hasFocus(page, "[name]");
    await page.getByRole("button", { name: "Find" }).click();
    await page.keyboard.type("qqq");
    await dialog(page, "Find").getByText("Nothing has these letters.").waitFor();
    await page.keyboard.press("Enter");
    await page.mouse.click(5, 500);
    await dialog(page, "Find").waitFor({ state: "detached" });
  });

  inTab("run the form from any field, and are listed by ?", url, async (page) => {
    await link(page, "text.search").click();
    for (const field of ["Text", "Pattern", "Ignore case"]) {
      await page.getByLabel(field, { exact: true }).focus();
      await page.keyboard.press("Control+Enter");
      await page.getByRole("status", { name: "Run" }).getByText("Succeeded").waitFor();
      await page.reload();
      await page.getByRole("status", { name: "Run" }).getByText("Not run yet").waitFor();
    }
    await page.getByLabel("Pattern").focus();
    await page.keyboard.type("?");
    assert.match(await page.getByLabel("Pattern").inputValue(), /\?/);
    await page.getByRole("heading", { name: "Search a text" }).click();
    await page.keyboard.press("?");
    await dialog(page, "Shortcuts").getByText("Run the form, from any field").waitFor();
    await page.keyboard.press("Control+Enter");
    assert.deepEqual(await checkScreen(page, "shortcuts"), []);
    await page.keyboard.press("Escape");
    await dialog(page, "Shortcuts").waitFor({ state: "detached" });
    await page.getByRole("status", { name: "Run" }).getByText("Not run yet").waitFor();
  });

  inTab("do all of it without a mouse", url, async (page) => {
    await link(page, "math.add").waitFor();
    await tabTo(page, "math.add");
    await page.keyboard.press("Enter");
    await hasFocus(page, "h2");
    await tabTo(page, "First number");
    await page.keyboard.type("40");
    await tabTo(page, "Run");
    await page.keyboard.press("Enter");
    await page.getByRole("region", { name: "Output" }).getByText("42").waitFor();
  });

  inTab("and choices change the theme, from visit to visit", url, async (page) => {
    const colour = () =>
      page.locator(".frame").evaluate((one) => getComputedStyle(one).backgroundColor);
    await page.emulateMedia({ colorScheme: "light" });
    const light = await colour();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await colour();
    assert.notEqual(light, dark);
    await page.getByLabel("Theme").selectOption("Light");
    assert.equal(await colour(), light);
    await page.reload();
    await link(page, "math.add").waitFor();
    assert.equal(await colour(), light);
    await page.getByLabel("Theme").selectOption("Automatic");
    assert.equal(await colour(), dark);
  });
});

/** Presses Tab until what has the focus is called so, and is seen to have it. */
const tabTo = async (page: Page, name: string): Promise<void> => {
  for (let n = 0; n < 40; n++) {
    await page.keyboard.press("Tab");
    const [text, outline] = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement;
      const label = element.labels?.[0]?.textContent ?? "";
      return [element.textContent + label, getComputedStyle(element).outlineStyle];
    });
    assert.notEqual(outline, "none", `the focus is not seen on ${text}`);
    if (text.includes(name)) return;
  }
  assert.fail(`Tab does not come to ${name}`);
};
