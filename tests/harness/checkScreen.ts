import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import axe from "axe-core";
import type { Page } from "playwright-core";

const FOLDER = fileURLToPath(new URL("../../.artifacts/screens/", import.meta.url));
/** A desktop, that desktop at 200 %, a phone, and the narrowest there is. */
const WIDTHS = [1280, 640, 380, 320];
/** Where pictures are taken and axe-core looks: of the other two, the page is arranged as on a phone. */
const ARRANGED = [1280, 380];

/**
 * Looks at what a page shows: a line for each thing that axe-core finds, wide and narrow, light and
 * dark, and for each of four widths at which it has to be scrolled sideways. It leaves pictures of
 * these in `.artifacts/screens/`, for people to look at.
 * @example assert.deepEqual(await checkScreen(page, "finder"), []);
 */
export const checkScreen = async (page: Page, name: string): Promise<string[]> => {
  await mkdir(FOLDER, { recursive: true });
  const before = page.viewportSize();
  const problems: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    if (wide > width) problems.push(`${name} at ${width}: it is ${wide} wide`);
    for (const colorScheme of ARRANGED.includes(width) ? ["light", "dark"] as const : []) {
      await page.emulateMedia({ colorScheme });
      const found = await findViolations(page);
      problems.push(...found.map((what) => `${name} at ${width}, ${colorScheme}: ${what}`));
      await page.screenshot({ path: `${FOLDER}${name}-${width}-${colorScheme}.png` });
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before) await page.setViewportSize(before);
  return problems;
};

/** What axe-core finds, within open shadow roots too. */
const findViolations = async (page: Page): Promise<string[]> => {
  // Evaluated, not added as a script: that the page's own policy forbids.
  if (!await page.evaluate(() => "axe" in globalThis)) await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run({ resultTypes: ["violations"] })
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`)
  );
};
