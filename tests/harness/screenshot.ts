import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const FOLDER = fileURLToPath(new URL("../../.artifacts/screenshots", import.meta.url));

/**
 * Leaves pictures of a whole page in `.artifacts/screenshots/`: wide and narrow, light and dark. The
 * page is as wide and light afterwards as it was.
 */
export const screenshot = async (page: Page, name: string): Promise<void> => {
  const before = page.viewportSize();
  await mkdir(FOLDER, { recursive: true });
  for (const width of [1280, 380]) {
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: await heightOf(page, width) });
      await page.screenshot({ path: `${FOLDER}/${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
};

/** What scrolls within the page is to be seen too. */
const heightOf = async (page: Page, width: number): Promise<number> => {
  await page.setViewportSize({ width, height: 600 });
  return page.evaluate(() => {
    const heights = [...document.querySelectorAll("html, .main")].map((one) => one.scrollHeight);
    return Math.min(4_000, Math.max(...heights) + 60);
  });
};
