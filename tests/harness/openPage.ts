import type { Browser, Page } from "playwright-core";

/** A tab with everything its console complained about. */
export type WatchedPage = {
  page: Page;
  /** Errors and warnings of the console, uncaught errors, and violations of the CSP. */
  complaints: string[];
};

/** Opens an address in a tab of a new session. What does not come within 20 s is an error. */
export const openPage = async (browser: Browser, url: string): Promise<WatchedPage> => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  // Not all violations reach the console: a report-only policy's, for one, need not.
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (violation) => {
      console.error(`CSP: ${violation.violatedDirective} ${violation.blockedURI}`);
    });
  });
  await page.goto(url);
  return { page, complaints };
};
