/**
 * Waits until a condition holds, looking every few milliseconds.
 * @throws Error naming what was waited for, when it does not hold within `timeoutMs`
 */
export const until = async (
  condition: () => boolean | Promise<boolean>,
  { what = String(condition), timeoutMs = 20_000 } = {},
): Promise<void> => {
  const deadline = performance.now() + timeoutMs;
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`Waited ${timeoutMs} ms for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
