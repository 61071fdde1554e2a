import process from "node:process";
import { type Browser, chromium } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Why a browser test does not run here; `false` when it does. */
export const chromiumMissing: string | false = !process.env.CHROME_PATH && "needs CHROME_PATH";

/**
 * Starts the Chromium of `CHROME_PATH` with a profile of its own, without a window. Close it.
 * @throws Error when it does not start within 30 s.
 */
export const launchChromium = (): Promise<Browser> =>
  chromium.launch({
    executablePath: process.env.CHROME_PATH,
    headless: true,
    args: FLAGS,
    timeout: 30_000,
    // What started the tests ends them, and `close` the browser.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
