import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { inTabs } from "../harness/inTabs.ts";
import { chromiumMissing } from "../harness/launchChromium.ts";
import { type HostPage, startHostPage } from "../harness/startHostPage.ts";
import { startSystem, type System } from "../harness/startSystem.ts";

const HTML = `<plugboard-ui handler="math.add"></plugboard-ui>`;

describe("the page within a page that is not let in", () => {
  let system: System;
  let stranger: HostPage;
  let known: HostPage;
  const inTab = inTabs();
  before(async () => {
    if (chromiumMissing) return;
    stranger = await startHostPage(() => system.url, { html: HTML });
    known = await startHostPage(() => system.url, { html: HTML });
    const settings = { ALLOWED_ORIGINS: known.url, AUTH_TOKEN: "open sesame" };
    system = await startSystem({ engine: "embedded", settings });
  });
  after(async () => {
    await system?.stop();
    await stranger?.close();
    await known?.close();
  });

  inTab("says which origin would have to be allowed", () => stranger.url, async (page) => {
    await page.getByText(
      `The origin "${stranger.url}" is not allowed; add it to ALLOWED_ORIGINS`,
    ).waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
  });

  inTab(
    "takes a token that was set before the element was known",
    () => known.url,
    async (page) => {
      await page.route("**/embed.js", async (route) => {
        await page.locator("plugboard-ui").evaluate((one) =>
          Object.assign(one, { auth: { token: "open sesame" } })
        );
        await route.continue();
      });
      await page.reload();
      await page.getByLabel("First number").waitFor();
    },
  );

  inTab("connects once it is given a token", () => known.url, async (page) => {
    await page.getByText("This gateway wants a token").waitFor();
    await page.evaluate(() =>
      Object.assign(document.querySelector("plugboard-ui")!, { auth: { token: "open sesame" } })
    );
    await page.getByLabel("First number").waitFor();
    assert.doesNotMatch(await page.evaluate(() => document.documentElement.outerHTML), /sesame/);
  });
});
