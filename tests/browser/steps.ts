import type { Page } from "playwright-core";

/** Presses the button that runs. */
export const run = (page: Page): Promise<void> =>
  page.getByRole("button", { name: "Run", exact: true }).click();

/** What the selected run gave. */
export const output = (page: Page) => page.getByRole("region", { name: "Output" });

/** Waits until the selected run says that it stands there. */
export const runReads = (page: Page, text: string | RegExp, timeout?: number): Promise<void> =>
  page.getByRole("status", { name: "Run" }).filter({ hasText: text }).waitFor({ timeout });
