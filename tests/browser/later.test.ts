import assert from "node:assert/strict";
import { after, before, describe } from "node:test";
import { checkScreen } from "../harness/checkScreen.ts";
import { inTabs } from "../harness/inTabs.ts";
import { chromiumMissing } from "../harness/launchChromium.ts";
import { startSystem, type System } from "../harness/startSystem.ts";

const LATER = "**/later.js";

describe("what the page loads later", () => {
  let system: System;
  const inTab = inTabs({ mayComplain: /ERR_FAILED/ });
  const url = () => system.url;
  before(async () => {
    if (!chromiumMissing) system = await startSystem({ engine: "embedded" });
  });
  after(() => system?.stop());

  inTab("is there before anything of it is asked for", url, async (page) => {
    const coming = page.waitForResponse(LATER);
    await page.reload();
    assert.ok((await coming).status() < 400);
    await page.getByRole("link", { name: "math.add" }).waitFor();
  });

  inTab("leaves list and form as they are where it does not come", url, async (page) => {
    await page.route(LATER, (route) => route.abort());
    await page.reload();
    await page.getByRole("link", { name: "math.add" }).click();
    await page.getByLabel("First number").fill("40");
    const alert = page.getByRole("main").getByRole("alert");
    await alert.getByText("This part of the page could not be loaded.").waitFor();
    assert.deepEqual(await checkScreen(page, "later-missing"), []);
    await page.keyboard.press("Control+k");
    const finder = page.getByRole("dialog", { name: "Find" });
    await finder.getByText("This part of the page could not be loaded.").waitFor();
    await page.keyboard.press("Escape");
    await finder.waitFor({ state: "detached" });

    await page.unroute(LATER);
    await alert.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("status", { name: "Run" }).getByText("Not run yet").waitFor();
    assert.equal(await page.getByLabel("First number").inputValue(), "40");
  });
});
