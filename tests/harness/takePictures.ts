import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";

const FOLDER = fileURLToPath(new URL("../../.artifacts/screens", import.meta.url));
const SIZES = [{ width: 1280, height: 1400 }, { width: 380, height: 2600 }];

/** Leaves pictures of a whole page, wide and narrow, light and dark, for people to look at. */
export const takePictures = async (page: Page, name: string): Promise<void> => {
  const before = page.viewportSize();
  for (const size of SIZES) {
    await page.setViewportSize(size);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${FOLDER}/${name}-${size.width}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
};
