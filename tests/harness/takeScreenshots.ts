import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const FOLDER = fileURLToPath(new URL("../../.artifacts/screens/", import.meta.url));

/** Leaves pictures of a page, wide and narrow, light and dark, for people to look at. */
export const takeScreenshots = async (page: Page, name: string): Promise<void> => {
  await mkdir(FOLDER, { recursive: true });
  const before = page.viewportSize();
  for (const width of [1280, 380]) {
    await page.setViewportSize({ width, height: 1000 });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      const path = `${FOLDER}${name}-${width}-${colorScheme}.png`;
      await page.screenshot({ path, fullPage: true });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
};
