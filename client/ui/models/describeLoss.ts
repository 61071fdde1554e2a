/** What it means for runs that the connection is away, while it may come back. */
export const describeLoss = (running: number, leftMs: number): string => {
  if (running === 0) return "Nothing was running. What is typed stays.";
  const runs = running === 1 ? "The run under way goes" : `The ${running} runs under way go`;
  const left = Math.ceil(leftMs / 1_000);
  return left > 0
    ? `${runs} on where it stopped, if it is back within ${left} s.`
    : `It may be too late for ${running === 1 ? "the run" : `the ${running} runs`} under way.`;
};
