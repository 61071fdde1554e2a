import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { Buffer } from "node:buffer";
import { after, before, describe } from "node:test";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { TASK } from "../../common/task.ts";
import { inTabs } from "../harness/inTabs.ts";
import { chromiumMissing } from "../harness/launchChromium.ts";
import { scriptCommand } from "../harness/spawnScript.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";

const choose = (page: Page, type: string) => page.getByRole("link", { name: type }).click();
const heading = (page: Page, name: string) => page.getByRole("heading", { name }).waitFor();

/** Copies as a person would, and gives what is on the clipboard then. */
const copied = async (page: Page, as: string): Promise<string> => {
  const group = page.getByRole("group", { name: "Copy as" });
  await group.getByRole("button", { name: as }).click();
  await group.getByRole("status").filter({ hasText: "Copied." }).first().waitFor();
  return await page.evaluate(() => navigator.clipboard.readText());
};

for (const engine of ENGINES) {
  describe(`links and copies of a request, over ${engine}`, skipWithout(engine), () => {
    let system: System;
    const inTab = inTabs();
    const url = () => system.url;
    before(async () => {
      if (!chromiumMissing) system = await startSystem({ engine });
    });
    after(() => system?.stop());

    inTab("open a handler with what was filled in, at once and later", url, async (page) => {
      await choose(page, "text.search");
      const text = `it's "so" & 100 %\n#?=\\ 😀`;
      await page.getByLabel("Text", { exact: true }).fill(text);
      await page.getByLabel("Pattern").fill("so");
      await page.getByLabel("Ignore case").check();
      const link = await copied(page, "Link");

      const other = await page.context().newPage();
      await other.goto(link);
      await heading(other, "Search a text");
      assert.equal(await other.getByLabel("Text", { exact: true }).inputValue(), text);
      assert.equal(await other.getByLabel("Pattern").inputValue(), "so");
      assert.ok(await other.getByLabel("Ignore case").isChecked());
      await other.keyboard.press("Control+Enter");
      await other.getByRole("status", { name: "Run" }).getByText("Succeeded").waitFor();

      await page.goto(`${url()}/#/math.add?input=${encodeURIComponent('{"a":40,"b":2}')}`);
      await heading(page, "Add two numbers");
      assert.equal(await page.getByLabel("First number").inputValue(), "40");
    });

    inTab("name every handler, and go back and forth with the browser", url, async (page) => {
      await choose(page, "math.add");
      await heading(page, "Add two numbers");
      await page.getByLabel("First number").fill("7");
      await choose(page, "math.primes");
      await heading(page, "List primes");
      await page.goBack();
      await heading(page, "Add two numbers");
      assert.equal(await page.getByLabel("First number").inputValue(), "7");
      await page.goForward();
      await heading(page, "List primes");
      await page.goto(`${url()}/#/no.such`);
      await page.getByText('No worker has announced a handler "no.such"').waitFor();
    });

    inTab("say nothing of a link that holds no input", url, async (page) => {
      for (const input of ["%", "{", "null", "7", '{"a":{"b":1},"__proto__":{"a":1}}']) {
        await page.goto(`${url()}/#/math.add?input=${input}`);
        await heading(page, "Add two numbers");
      }
    });

    inTab("are code and a command that do what the form does", url, async (page) => {
      await choose(page, "math.add");
      await page.getByLabel("First number").fill("40");
      const code = await copied(page, "TypeScript");
      assert.equal(code, 'const result = await makeBackendRequest("math.add", { a: 40, b: 2 });');
      assert.deepEqual(JSON.parse(await copied(page, "JSON")), { a: 40, b: 2 });

      const command = await copied(page, "Command");
      assert.ok(command.startsWith(`${TASK} call math.add `), command);
      const [runtime, ...rest] = scriptCommand("scripts/call.ts");
      const line = command.replace(`${TASK} call`, [runtime, ...rest].join(" "));
      const { stdout } = await promisify(execFile)("sh", ["-c", line]);
      assert.equal(stdout, "42\n");
    });

    inTab("have no bytes in them", url, async (page) => {
      await choose(page, "csv.summarise");
      const file = {
        name: "people.csv",
        mimeType: "text/csv",
        buffer: Buffer.from("a\nSECRETLY\n"),
      };
      await page.getByLabel("File", { exact: true }).setInputFiles(file);
      await page.getByText("people.csv: 11 bytes").waitFor();
      for (const as of ["Link", "TypeScript", "Command", "JSON"]) {
        assert.doesNotMatch(await copied(page, as), /SECRET|U0VDUkVU|83,69/, as);
      }
      assert.match(await copied(page, "Command"), /--file 'file=PATH'/);
    });

    inTab("are shown to be copied by hand where there is no clipboard", url, async (page) => {
      await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, "clipboard"));
      await page.reload();
      await choose(page, "math.add");
      await page.getByRole("button", { name: "Copy as Link" }).click();
      const shown = page.getByLabel("To be copied");
      assert.match(await shown.inputValue(), /#\/math\.add\?input=/);
      const [start, end] = await shown.evaluate((one: HTMLTextAreaElement) => [
        one.selectionStart,
        one.selectionEnd - one.value.length,
      ]);
      assert.deepEqual([start, end], [0, 0]);
      await page.getByLabel("First number").focus();
      await shown.waitFor({ state: "detached" });
    });
  });
}
