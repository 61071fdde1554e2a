import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { after, before, describe, it } from "node:test";
import type { Browser, Locator, Page } from "playwright-core";
import { checkScreen } from "../harness/checkScreen.ts";
import { chromiumMissing, launchChromium } from "../harness/launchChromium.ts";
import { openPage } from "../harness/openPage.ts";
import { ENGINES, skipWithout, startSystem } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";
import { createShapesPlugin } from "./shapesPlugin.ts";

for (const engine of ENGINES) {
  describe(`a form, ${engine}`, skipWithout(engine), () => {
    let system: Awaited<ReturnType<typeof startSystem>>;
    let browser: Browser;
    const { plugin, received } = createShapesPlugin();

    before(async () => {
      if (chromiumMissing) return;
      system = await startSystem({ engine, plugins: [plugin] });
      browser = await launchChromium();
    });
    after(async () => {
      await browser?.close();
      await system?.stop();
    });

    /** What the handler was given by the run that was just begun. */
    const sent = async (page: Page): Promise<unknown> => {
      await status(page, "Succeeded");
      return received.at(-1);
    };

    /** A test in a tab of its own, at one handler; the console must have nothing to say. */
    const inTab = (name: string, handler: string, body: (page: Page) => Promise<void>) =>
      it(name, { skip: chromiumMissing }, async () => {
        const address = `${system.url}/#/shapes.${handler}`;
        const { page, complaints } = await openPage(browser, address);
        await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
        try {
          await page.getByRole("button", { name: "Run" }).waitFor();
          await body(page);
          assert.deepEqual(complaints, []);
        } finally {
          await page.context().close();
        }
      });

    inTab(
      "sends what its simple controls hold, and nothing of those left empty",
      "plain",
      async (page) => {
        await page.getByLabel("Mail").fill("ann@example.org");
        await page.getByLabel("Site").fill("https://example.org/");
        await page.getByLabel("Day").fill("2026-01-31");
        await page.getByLabel("Time", { exact: true }).fill("10:20");
        await page.getByLabel("Exact time").fill("10:20:30");
        await page.getByLabel("Meeting").fill("2026-01-31T10:20");
        await page.getByLabel("Notes").fill("one\ntwo");
        await page.getByLabel("Sure").check();
        await page.getByLabel("Maybe").selectOption("false");
        await page.getByLabel("Colour").selectOption("green");
        await page.getByLabel("Kind of Nickname").selectOption("Nothing (null)");
        await page.getByLabel("Key").fill("hunter2");
        assert.deepEqual(await checkScreen(page, `form-plain-${engine}`), []);
        await run(page);
        assert.deepEqual(await sent(page), {
          name: "Ann",
          mail: "ann@example.org",
          site: "https://example.org/",
          day: "2026-01-31",
          time: "10:20",
          exact: "10:20:30",
          meeting: "2026-01-31T10:20",
          notes: "one\ntwo",
          count: 3,
          ratio: 0.5,
          sure: true,
          maybe: false,
          colour: "green",
          only: "always",
          nick: null,
          key: "hunter2",
        });
      },
    );

    inTab(
      "goes to the first field that is not as it must be, here or at the worker",
      "plain",
      async (page) => {
        await run(page);
        await page.getByText("Choose red or green or blue.").waitFor();
        await isFocused(page, page.getByLabel("Colour"));
        await page.getByLabel("Colour").selectOption("red");
        await page.getByLabel("Mail").fill("no mail");
        await page.getByLabel("Kind of Nickname").selectOption("Nothing (null)");
        await run(page);
        const mail = page.getByLabel("Mail");
        await page.getByText(/Invalid email/).first().waitFor();
        await isFocused(page, mail);
        assert.equal(await mail.getAttribute("aria-invalid"), "true");
        const described = await mail.getAttribute("aria-describedby");
        assert.match(await page.locator(`[id="${described}"]`).innerText(), /Invalid email/);
        assert.deepEqual(await checkScreen(page, `form-problems-${engine}`), []);
        await mail.fill("ann@example.org");
        assert.equal(await mail.getAttribute("aria-invalid"), null);
      },
    );

    inTab(
      "is filled with the keyboard alone: objects, lists, records and branches",
      "nested",
      async (page) => {
        await page.getByLabel("Street").focus();
        await page.keyboard.type("!");
        await press(page, "Add an item to Tags");
        await page.keyboard.type("first");
        await press(page, "Add an item to Tags");
        await page.keyboard.type("second");
        await press(page, "Move Tags 2 up");
        await isFocused(page, page.getByRole("button", { name: "Move Tags 1 up" }));
        await press(page, "Add an item to Tags");
        await press(page, "Remove Tags 3");
        await isFocused(page, page.getByRole("button", { name: "Remove Tags 2" }));
        await press(page, "Add an entry to Limits");
        await page.keyboard.type("cpu");
        await page.keyboard.press("Tab");
        await page.keyboard.type("4");
        await press(page, "Add Billing");
        await page.getByLabel("VAT").focus();
        await page.keyboard.type("DE1");
        await page.getByLabel("radius").focus();
        await page.keyboard.type("5");
        await page.getByLabel("Kind of Shape").focus();
        await page.keyboard.press("ArrowDown");
        await page.getByLabel("side").focus();
        await page.keyboard.type("6");
        await press(page, "Add an item to People");
        await page.keyboard.type("Ann");
        assert.deepEqual(await checkScreen(page, `form-nested-${engine}`), []);
        await page.keyboard.press("Control+Enter");
        assert.deepEqual(await sent(page), {
          address: { street: "Main Road!", zip: "123" },
          billing: { vat: "DE1" },
          tags: ["second", "first"],
          point: [1, 2],
          limits: { cpu: 4 },
          shape: { kind: "square", side: 6 },
          either: "",
          people: [{ name: "Ann" }],
        });
        await page.getByLabel("Kind of Shape").selectOption("circle");
        assert.equal(await page.getByLabel("radius").inputValue(), "5", "it was kept");
      },
    );

    inTab("shows what the worker has against parts at those parts", "nested", async (page) => {
      await editAsJson(page, {
        address: { street: "", zip: "x" },
        tags: ["ok", "x"],
        point: [1, 2],
        limits: { cpu: 3 },
        shape: { kind: "square", side: 13 },
        either: [1],
        people: [{ name: "Ann" }, { name: "B" }],
      });
      await page.getByRole("button", { name: "Form", exact: true }).click();
      await run(page);
      await page.getByRole("alert").waitFor();
      const wrong = ["Zip", "Tags 2", "Limits 1", "side"].map((label) =>
        page.getByLabel(label, { exact: true })
      );
      for (const control of [...wrong, page.getByLabel("Name", { exact: true }).nth(1)]) {
        assert.equal(await control.getAttribute("aria-invalid"), "true");
      }
      await isFocused(page, page.getByLabel("Zip"));
      assert.deepEqual(await checkScreen(page, `form-nested-problems-${engine}`), []);
    });

    inTab(
      "sends a file that is chosen or dropped, and keeps it through JSON",
      "files",
      async (page) => {
        const photo = { name: "p.png", mimeType: "image/png", buffer: Buffer.from("not one") };
        const file = { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from("1,2\n") };
        await page.getByLabel("File", { exact: true }).setInputFiles(file);
        await page.getByText("a.csv: 4 bytes").waitFor();
        await press(page, "Add More");
        await press(page, "Add an item to More");
        await drop(page, ".rows .file", "dropped.bin", 3);
        await page.getByText("dropped.bin: 3 bytes").waitFor();
        assert.deepEqual(await checkScreen(page, `form-files-${engine}`), []);
        await page.getByRole("button", { name: "JSON", exact: true }).click();
        const json = page.getByLabel("Input as JSON");
        const { file: shown, ...rest } = JSON.parse(await json.inputValue());
        assert.match(shown, /a\.csv, 4 bytes/);
        await json.fill(JSON.stringify({ ...rest, file: shown, label: "both" }));
        assert.deepEqual(await checkScreen(page, `form-files-json-${engine}`), []);
        await page.getByRole("button", { name: "Form", exact: true }).click();
        await page.getByText("a.csv: 4 bytes").waitFor();
        await page.getByLabel("Photo", { exact: true }).setInputFiles(photo);
        await run(page);
        const { photo: received, ...others } = await sent(page) as Record<string, unknown>;
        assert.equal(await (received as File).text(), "not one");
        assert.deepEqual(others, {
          file: new Uint8Array(Buffer.from("1,2\n")),
          more: [new Uint8Array(3)],
          label: "both",
        });
      },
    );

    inTab("gives a field of JSON to what has no control, and says so", "odd", async (page) => {
      await page.getByText('There is no control for a "custom": give what it takes as JSON.')
        .waitFor();
      for (const type of ["date", "bigint", "map", "set"]) {
        await page.getByText(`No request can hold a "${type}": the handler must take JSON or bytes`)
          .waitFor();
      }
      await page.getByLabel("any").fill('{"a": [1, 2');
      await page.getByText("Not JSON at line 1, column 12").waitFor();
      await page.getByLabel("any").fill('{"a": [1, 2]}');
      await page.getByLabel("Port").fill("8080");
      assert.deepEqual(await checkScreen(page, `form-odd-${engine}`), []);
      await run(page);
      assert.deepEqual(await sent(page), { any: { a: [1, 2] }, big: 1n, port: 8080 });
    });

    inTab("makes a tree as deep as it is wanted", "tree", async (page) => {
      await page.getByLabel("name", { exact: true }).fill("root");
      await page.getByRole("button", { name: "Add an item to children" }).click();
      await page.keyboard.type("leaf");
      await run(page);
      assert.deepEqual(await sent(page), {
        name: "root",
        children: [{ name: "leaf", children: [] }],
      });
    });

    inTab(
      "says where pasted JSON is wrong, and runs it once it is right",
      "number",
      async (page) => {
        await page.getByRole("button", { name: "JSON", exact: true }).click();
        const json = page.getByLabel("Input as JSON");
        await json.fill("[\n  1,\n]");
        await page.getByText("Not JSON at line 3, column 1: a value expected").waitFor();
        assert.equal(await json.getAttribute("aria-invalid"), "true");
        assert.deepEqual(await checkScreen(page, `form-json-${engine}`), []);
        await run(page);
        await isFocused(page, json);
        assert.equal(await page.getByRole("status", { name: "Run" }).innerText(), "Not run yet");
        await json.fill("42");
        await page.keyboard.press("Control+Enter");
        assert.deepEqual(await sent(page), 42);
      },
    );

    inTab(
      "begins where it was left, and opens again what was run before",
      "number",
      async (page) => {
        const input = page.getByRole("textbox", { name: "Input" });
        for (const value of ["1", "2"]) {
          await input.fill(value);
          await run(page);
          await until(async () => (await sent(page)) === Number(value));
        }
        await reopen(page);
        assert.equal(await input.inputValue(), "2", "it was run last");
        await input.fill("4242.5");
        await until(() =>
          page.evaluate(() => JSON.stringify({ ...localStorage }).includes("4242.5"))
        );
        await reopen(page);
        assert.equal(await input.inputValue(), "4242.5", "it is the draft");
        const earlier = page.getByLabel("Earlier inputs");
        await earlier.selectOption({ index: 2 });
        assert.equal(await input.inputValue(), "1");
        await page.setViewportSize({ width: 380, height: 800 });
        const reset = page.getByRole("button", { name: "Reset" });
        const [one, other] = [await earlier.boundingBox(), await reset.boundingBox()];
        assert.ok(other!.y < one!.y + one!.height, "on a phone they stand in one line");
        assert.ok(other!.height < 30, "and each in a line of its own");
        await page.goto(`${system.url}/#/shapes.number?input=5`);
        assert.equal(await input.inputValue(), "5", "it is in the link");
        await reset.click();
        assert.equal(await input.inputValue(), "");
      },
    );

    inTab(
      "keeps a secret out of the page's storage, links, JSON and the log",
      "plain",
      async (page) => {
        const secret = "hunter2";
        await page.getByLabel("Colour").selectOption("red");
        await page.getByLabel("Kind of Nickname").selectOption("Nothing (null)");
        await page.getByLabel("Key").fill(secret);
        assert.equal(await page.getByLabel("Key").getAttribute("type"), "password");
        await run(page);
        await status(page, "Succeeded");
        const kept = await page.evaluate(() =>
          JSON.stringify({ ...localStorage, ...sessionStorage })
        );
        assert.match(kept, /red/);
        await page.getByRole("button", { name: "Copy as Link" }).click();
        await page.getByText("Copied.").waitFor();
        const link = await page.evaluate(() => navigator.clipboard.readText());
        assert.match(decodeURIComponent(link), /red/);
        await page.getByRole("button", { name: "JSON", exact: true }).click();
        const json = await page.getByLabel("Input as JSON").inputValue();
        for (const text of [kept, link, json, JSON.stringify(system.log)]) {
          assert.ok(!text.includes(secret));
        }
      },
    );

    inTab("sets apart what is in an object or a list", "nested", async (page) => {
      const left = async (control: Locator) => (await control.boundingBox())!.x;
      const [outer, inner] = [page.getByRole("button", { name: "Run" }), page.getByLabel("Street")];
      assert.ok(await left(inner) > await left(outer) + 5);
    });

    inTab("fits into 320 pixels", "nested", async (page) => {
      await page.setViewportSize({ width: 320, height: 600 });
      for (
        const name of ["Add an item to Tags", "Add an item to People", "Add an entry to Limits"]
      ) {
        await page.getByRole("button", { name }).click();
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(wide, 320);
      await page.setViewportSize({ width: 1280, height: 600 });
      const high = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.equal(high, 600, "where there is room the form scrolls, not the page");
    });
  });
}

const run = (page: Page) => page.getByRole("button", { name: "Run" }).click();
const press = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).press("Enter");
const status = (page: Page, text: string) =>
  page.getByRole("status", { name: "Run" }).filter({ hasText: text }).waitFor();

const isFocused = (page: Page, locator: ReturnType<Page["locator"]>) =>
  until(() => locator.evaluate((element) => element === document.activeElement), {
    what: `focus on ${locator}, not on ${page.locator(":focus")}`,
    timeoutMs: 5_000,
  });

const editAsJson = async (page: Page, value: unknown): Promise<void> => {
  await page.getByRole("button", { name: "JSON", exact: true }).click();
  await page.getByLabel("Input as JSON").fill(JSON.stringify(value));
};

const reopen = async (page: Page): Promise<void> => {
  await page.reload();
  await page.getByRole("button", { name: "Run" }).waitFor();
};

const drop = async (page: Page, selector: string, name: string, size: number): Promise<void> => {
  const dataTransfer = await page.evaluateHandle(({ name, size }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(size)], name));
    return transfer;
  }, { name, size });
  await page.dispatchEvent(selector, "drop", { dataTransfer });
};
