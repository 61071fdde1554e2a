import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { chromiumMissing, launchChromium } from "./launchChromium.ts";
import { openPage } from "./openPage.ts";

/** A test in a tab. `url` is asked for when it begins. */
type TabTest = (name: string, url: () => string, body: (page: Page) => Promise<void>) => void;

/** Options of `inTabs`. */
export type InTabsOptions = {
  /** What the console may say, such as that a server was away. */
  mayComplain?: RegExp;
};

/**
 * Starts a browser for the tests of a suite. Each has a tab of its own; whatever it does there, the
 * console must have nothing to say.
 */
export const inTabs = ({ mayComplain }: InTabsOptions = {}): TabTest => {
  let browser: Browser;
  before(async () => {
    if (!chromiumMissing) browser = await launchChromium();
  });
  after(() => browser?.close());

  return (name, url, body) =>
    it(name, { skip: chromiumMissing }, async () => {
      const { page, complaints } = await openPage(browser, url());
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      try {
        await body(page);
        assert.deepEqual(complaints.filter((text) => !mayComplain?.test(text)), []);
      } finally {
        await page.context().close();
      }
    });
};
