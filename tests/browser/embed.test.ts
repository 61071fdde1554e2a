import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { HandlerResult, mount, Mounted } from "../../client/ui/embed.ts";
import { checkScreen } from "../harness/checkScreen.ts";
import { inTabs } from "../harness/inTabs.ts";
import { chromiumMissing } from "../harness/launchChromium.ts";
import { type HostPage, startHostPage } from "../harness/startHostPage.ts";
import { ENGINES, skipWithout, startSystem, type System } from "../harness/startSystem.ts";
import { until } from "../harness/until.ts";

/** What a page does that thinks of itself alone. */
const HOSTILE = `
* { font: 40px/3 serif !important; color: red !important; letter-spacing: 9px !important;
    text-transform: uppercase !important; margin: 7px !important; border: 5px dotted lime !important; }
html { font-size: 40px; direction: ltr; }
:root, body { --ink: red; --page: lime; --gap: 99px; --small: 50px; cursor: wait; text-align: right; }
button, input, a, p, .bench, .field, .run { display: none !important; position: fixed !important; }
plugboard-ui, #a, #b { margin: 0 !important; border: 0 !important; }`;

const HTML = `<main><h1>Host</h1><p id="own">Its own words</p>
<plugboard-ui id="a" url="GATEWAY" handler="math.add" theme="light"></plugboard-ui>
<plugboard-ui id="b" handler="csv.summarise" theme="dark"></plugboard-ui></main>`;

const add = (page: Page) => page.locator("#a");
const runs = (part: Locator, text: string) =>
  part.getByRole("status", { name: "Run" }).getByText(text).waitFor();

/** Where everything within an element is, and in which colours. */
const look = (part: Locator): Promise<string[]> =>
  part.evaluate((host) => {
    const { x, y } = host.getBoundingClientRect();
    return [...host.shadowRoot!.querySelectorAll("*")].flatMap((one) => {
      const box = one.getBoundingClientRect();
      if (box.width === 0 || one.localName === "option") return [];
      const { color, backgroundColor, font, letterSpacing, cursor } = getComputedStyle(one);
      const place = [box.x - x, box.y - y, box.width, box.height].map(Math.round);
      return [one.localName, ...place, color, backgroundColor, font, letterSpacing, cursor].join(
        " ",
      );
    });
  });

type Embed = { mount: typeof mount };

for (const engine of ENGINES) {
  describe(`the page within another page, over ${engine}`, skipWithout(engine), () => {
    let system: System;
    let calm: HostPage;
    let hostile: HostPage;
    const inTab = inTabs();

    before(async () => {
      if (chromiumMissing) return;
      const gateway = () => system.url;
      calm = await startHostPage(gateway, { html: HTML });
      hostile = await startHostPage(gateway, { html: HTML, css: HOSTILE });
      const ALLOWED_ORIGINS = `${calm.url},${hostile.url}`;
      system = await startSystem({ engine, settings: { ALLOWED_ORIGINS } });
    });
    after(async () => {
      await system?.stop();
      await calm?.close();
      await hostile?.close();
    });

    inTab("shows one handler each, which run by themselves", () => calm.url, async (page) => {
      await add(page).getByLabel("First number").fill("40");
      await page.locator("#b").getByLabel("File", { exact: true }).waitFor();
      await page.keyboard.press("Control+k");
      await page.keyboard.press("Control+Enter");
      await runs(add(page), "Succeeded");
      await add(page).getByRole("region", { name: "Output" }).getByText("42").waitFor();
      await runs(page.locator("#b"), "Not run yet");
      assert.equal(await page.getByRole("navigation").count(), 0);
      assert.equal(await page.getByRole("dialog").count(), 0);
      assert.equal(new URL(page.url()).hash, "");
      assert.deepEqual(await checkScreen(page, "embedded"), []);
    });

    inTab("looks the same in a page that styles everything", () => hostile.url, async (page) => {
      const own = page.locator("#own");
      await add(page).getByLabel("First number").waitFor();
      await page.locator("#b").getByLabel("Delimiter").waitFor();
      const words = await own.evaluate((one) => getComputedStyle(one).cssText + one.outerHTML);
      const within = [await look(page.locator("#a")), await look(page.locator("#b"))];
      const other = await page.context().newPage();
      await other.goto(calm.url);
      await other.locator("#a").getByLabel("First number").waitFor();
      await other.locator("#b").getByLabel("Delimiter").waitFor();
      const wide = (one: Page) => one.evaluate(() => document.querySelector("#a")!.clientWidth);
      assert.ok(await wide(other) > 0);
      await fit(page, other);
      assert.deepEqual([await look(page.locator("#a")), await look(page.locator("#b"))], [
        await look(other.locator("#a")),
        await look(other.locator("#b")),
      ]);
      assert.ok(within.flat().length > 60);
      await page.evaluate(() =>
        document.querySelectorAll("plugboard-ui").forEach((one) => one.remove())
      );
      assert.equal(
        await own.evaluate((one) => getComputedStyle(one).cssText + one.outerHTML),
        words,
        "and it changes nothing around it",
      );
    });

    inTab(
      "is told by attributes and mount's options, and tells results",
      () => calm.url,
      async (page) => {
        const first = add(page).getByLabel("First number");
        await first.fill("40");
        await page.evaluate(() => {
          const seen: unknown[] = [];
          Object.assign(globalThis, { seen });
          document.addEventListener(
            "plugboard-result",
            (event) => seen.push({ ...(event as CustomEvent).detail, requestId: "" }),
          );
          document.querySelector("#a")!.setAttribute("theme", "dark");
        });
        await add(page).locator("[data-theme=dark]").waitFor();
        assert.equal(await first.inputValue(), "40", "what was typed stays");
        await add(page).getByRole("button", { name: "Run" }).click();
        await runs(add(page), "Succeeded");
        const seen = await page.evaluate(() => (globalThis as unknown as { seen: unknown[] }).seen);
        assert.deepEqual(seen, [{ type: "math.add", requestId: "", value: 42, done: true }]);

        const run = add(page).getByRole("button", { name: "Run" });
        await page.evaluate(() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(`#a { --plugboard-accent: rgb(1, 2, 3) }
        #a::part(form) { border-left: 7px solid }`);
          document.adoptedStyleSheets = [sheet];
        });
        assert.deepEqual(
          await run.evaluate((one) => [
            getComputedStyle(one).backgroundColor,
            getComputedStyle(one.closest("[part=form]")!).borderLeftWidth,
          ]),
          ["rgb(1, 2, 3)", "7px"],
        );
        await page.evaluate(() => document.adoptedStyleSheets = []);

        await page.evaluate(() => document.querySelector("#a")!.setAttribute("readonly", ""));
        await add(page).getByRole("button", { name: "Run" }).waitFor({ state: "hidden" });
        assert.ok(await first.isDisabled());

        await page.evaluate(() => {
          const element = document.querySelector("#a")!;
          element.removeAttribute("handler");
          element.removeAttribute("readonly");
          element.setAttribute("plugin", "math");
        });
        const list = add(page).getByRole("navigation", { name: "Plugins" });
        await list.getByRole("link", { name: "math.primes" }).click();
        await add(page).getByRole("heading", { name: "List primes" }).waitFor();
        assert.deepEqual(await list.getByRole("link").allInnerTexts(), [
          "Add two numbers\nmath.add",
          "List primes\nmath.primes",
        ]);
        assert.equal(new URL(page.url()).hash, "", "the address is the host's");
        await add(page).getByLabel("Up to").focus();
        await page.keyboard.press("Control+k");
        await page.keyboard.type("add");
        await page.keyboard.press("Enter");
        await add(page).getByRole("heading", { name: "Add two numbers" }).waitFor();
        assert.deepEqual(await checkScreen(page, "embedded-plugin"), []);
      },
    );

    inTab("goes by the system's theme where it is told none", () => calm.url, async (page) => {
      await add(page).getByLabel("First number").waitFor();
      await page.evaluate(() => document.querySelector("#a")!.removeAttribute("theme"));
      await add(page).locator("[data-theme=auto]").waitFor();
      const colourIn = async (colorScheme: "light" | "dark") => {
        await page.emulateMedia({ colorScheme });
        return await add(page).locator(".frame").evaluate((one) =>
          getComputedStyle(one).backgroundColor
        );
      };
      assert.notEqual(await colourIn("light"), await colourIn("dark"));
    });

    inTab("tells whoever mounted it of each value of a stream", () => calm.url, async (page) => {
      await add(page).getByLabel("First number").waitFor();
      await page.evaluate(async (url) => {
        const { mount }: Embed = await import(`${url}/embed.js`);
        const results: unknown[] = [];
        const host = document.body.appendChild(document.createElement("section"));
        const onResult = ({ type, value, done }: HandlerResult) =>
          results.push([type, value, done]);
        const mounted = mount(host, { url, handler: "math.primes", onResult });
        Object.assign(globalThis, { results, mounted });
      }, system.url);
      const primes = page.locator("section");
      await primes.getByLabel("Up to").fill("5");
      await primes.getByRole("button", { name: "Run" }).click();
      await runs(primes, "Succeeded");
      const results = await page.evaluate(() =>
        (globalThis as unknown as { results: unknown[] }).results
      );
      assert.deepEqual(results.map((one) => JSON.stringify(one)), [
        '["math.primes",2,false]',
        '["math.primes",3,false]',
        '["math.primes",5,false]',
        '["math.primes",null,true]',
      ]);
      await page.evaluate(() => {
        const { mounted } = globalThis as unknown as { mounted: Mounted };
        mounted.update({ readOnly: true, theme: "dark" });
      });
      await primes.locator("[data-theme=dark]").waitFor();
      assert.ok(await primes.getByLabel("Up to").isDisabled());
      await page.evaluate(() => {
        const { mounted } = globalThis as unknown as { mounted: Mounted };
        mounted.unmount();
      });
      assert.equal(await primes.getByRole("form").count(), 0);
    });

    inTab("leaves nothing behind", () => calm.url, async (page) => {
      await runs(add(page), "Not run yet");
      const sockets: { isClosed(): boolean }[] = [];
      page.on("websocket", (socket) => sockets.push(socket));
      const left = await page.evaluate(async (url) => {
        const all: Set<unknown>[] = [];
        let most = 0;
        for (const target of [window, document, document.body]) {
          const { addEventListener, removeEventListener } = target;
          const known = new Set<unknown>();
          all.push(known);
          target.addEventListener = (...args: Parameters<typeof addEventListener>) => {
            known.add(args[1]);
            most = Math.max(most, known.size);
            addEventListener.apply(target, args);
          };
          target.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
            known.delete(args[1]);
            removeEventListener.apply(target, args);
          };
        }
        const { mount }: Embed = await import(`${url}/embed.js`);
        const host = document.body.appendChild(document.createElement("section"));
        for (let n = 0; n < 50; n++) {
          const shown = mount(host, { handler: "math.add" });
          // Some are taken away while they connect, others when all is there.
          while (n % 3 && !host.shadowRoot!.querySelector("form")) {
            await new Promise((resolve) => setTimeout(resolve, 5));
          }
          if (n % 3 === 1) await Promise.resolve();
          shown.unmount();
        }
        const sizes = all.map((known) => known.size);
        return { sizes, most, elements: host.shadowRoot!.childElementCount };
      }, system.url);
      assert.deepEqual(left.sizes, [0, 0, 0]);
      assert.ok(left.most > 0 && left.most < 10, `at most ${left.most} listeners at a time`);
      assert.equal(left.elements, 0);
      assert.ok(sockets.length >= 25);
      await until(() => sockets.every((socket) => socket.isClosed()));
      await runs(add(page), "Not run yet");
    });

    inTab(
      "is the only thing there with ?embed",
      () => `${system.url}/?embed&handler=csv.summarise`,
      async (page) => {
        await page.getByRole("heading", { name: "Summarise a CSV file" }).waitFor();
        assert.equal(await page.getByRole("navigation").count(), 0);
        assert.equal(await page.getByRole("banner").count(), 0);
        assert.equal(await page.getByRole("link", { name: "All plugins" }).count(), 0);
        assert.deepEqual(await checkScreen(page, "embed"), []);
        await page.goto(`${system.url}/?embed&handler=math.add&theme=dark&readonly`);
        await page.locator("[data-theme=dark]").getByLabel("First number").waitFor();
        assert.ok(await page.getByLabel("First number").isDisabled());
        await page.keyboard.press("Control+Enter");
        await page.keyboard.press("?");
        assert.equal(await page.getByRole("dialog").count(), 0);
        await page.getByRole("status", { name: "Run" }).getByText("Not run yet").waitFor();
      },
    );
  });
}

/** Gives the elements of both pages the same width: the pages around them differ. */
const fit = async (...pages: Page[]): Promise<void> => {
  for (const page of pages) {
    await page.evaluate(() => {
      for (const one of document.querySelectorAll<HTMLElement>("plugboard-ui")) {
        one.style.width = "700px";
      }
    });
  }
};
