import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import type { Page } from "playwright-core";
import { checkScreen } from "../harness/checkScreen.ts";
import { createTcpProxy, type TcpProxy } from "../harness/tcpProxy.ts";
import { inTabs } from "../harness/inTabs.ts";
import { chromiumMissing } from "../harness/launchChromium.ts";
import { startSystem, type System } from "../harness/startSystem.ts";

const choose = (page: Page, type: string) => page.getByRole("link", { name: type }).click();
const runs = (page: Page, text: string) =>
  page.getByRole("status", { name: "Run" }).filter({ hasText: text }).waitFor();
const runNow = (page: Page) => page.getByRole("button", { name: "Run" }).click();

describe("every screen, at every width and in every theme, without a fault of access", () => {
  let system: System;
  let proxy: TcpProxy;
  // A browser says on its console that a server is away.
  const inTab = inTabs({ mayComplain: /ERR_CONNECTION|WebSocket connection/ });
  const url = () => system.url;

  before(async () => {
    if (chromiumMissing) return;
    system = await startSystem({ engine: "embedded" });
    proxy = await createTcpProxy({ port: Number(new URL(system.url).port) });
  });
  after(async () => {
    await proxy?.close();
    await system?.stop();
  });

  inTab("the list, a form, and a handler that is not there", url, async (page) => {
    await page.getByText("1 worker online").waitFor();
    assert.deepEqual(await checkScreen(page, "list"), []);
    await choose(page, "text.search");
    assert.deepEqual(await checkScreen(page, "form"), []);
    await page.goto(`${url()}/#/no.such`);
    await page.getByText('"no.such"').waitFor();
    assert.deepEqual(await checkScreen(page, "unknown"), []);
  });

  inTab("a run that streams, and one that was cancelled", url, async (page) => {
    await choose(page, "math.primes");
    await page.getByLabel("Up to").fill("10000000");
    await runNow(page);
    await page.getByRole("progressbar").waitFor();
    assert.deepEqual(await checkScreen(page, "streaming"), []);
    const cancel = page.getByRole("button", { name: "Cancel" });
    if (await cancel.isVisible()) await cancel.click();
    await runs(page, "");
    assert.deepEqual(await checkScreen(page, "streamed"), []);
  });

  inTab("runs that succeeded and failed, and the copies", url, async (page) => {
    await choose(page, "text.search");
    await runNow(page);
    await runs(page, "Succeeded");
    assert.deepEqual(await checkScreen(page, "succeeded"), []);
    await page.getByLabel("Pattern").fill("");
    await runNow(page);
    await runs(page, "Failed");
    await page.getByRole("group", { name: "Copy as" }).getByRole("button", { name: "JSON" })
      .click();
    await page.getByText("Copied.").waitFor();
    assert.deepEqual(await checkScreen(page, "failed"), []);
  });

  inTab("no connection, and nothing that moves for those who want none", url, async (page) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.goto(`http://127.0.0.1:${proxy.port}/`);
    await page.getByText("1 worker online").waitFor();
    await choose(page, "math.add");
    await proxy.close();
    await page.getByRole("status", { name: "Connection" }).getByText("No connection").waitFor();
    const moving = () => page.evaluate(() => document.getAnimations().length);
    assert.equal(await moving(), 0);
    assert.deepEqual(await checkScreen(page, "offline"), []);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    assert.ok(await moving() > 0, "else the test would see nothing");
  });
});

describe("a gateway that refuses", () => {
  let system: System;
  before(async () => {
    if (chromiumMissing) return;
    system = await startSystem({ engine: "embedded", settings: { AUTH_TOKEN: "open sesame" } });
  });
  after(() => system?.stop());

  const inTab = inTabs();

  inTab(
    "asks for its token, and says so when it is a wrong one",
    () => system.url,
    async (page) => {
      await page.getByRole("status", { name: "Connection" }).getByText("Refused").waitFor();
      const token = page.getByLabel("Token", { exact: true });
      await token.fill("close sesame");
      assert.deepEqual(await checkScreen(page, "refused"), []);
      await token.press("Enter");
      await page.getByText("The gateway does not take this token.").waitFor();
      assert.equal(await page.getByText("Waiting for the list of plugins").count(), 0);
      assert.deepEqual(await checkScreen(page, "refused-again"), []);
      await token.fill("open sesame");
      await page.getByRole("button", { name: "Connect" }).click();
      await choose(page, "math.add");
      await runNow(page);
      await runs(page, "Succeeded");
      await page.reload();
      await runs(page, "Not run yet");
      assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...localStorage })), /sesame/);
    },
  );

  inTab(
    "asks for its token where one handler stands alone, too",
    () => `${system.url}/?embed&handler=math.add`,
    async (page) => {
      await page.getByLabel("Token", { exact: true }).fill("open sesame");
      await page.keyboard.press("Enter");
      await page.getByLabel("First number").waitFor();
    },
  );
});
