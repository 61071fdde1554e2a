/** The line that ends a test run, and that adds up over several runs. */
export const closingLine = (passed: number, failed: number, skipped = 0): string =>
  `${passed} passed, ${failed} failed${skipped === 0 ? "" : `, ${skipped} skipped`}`;
