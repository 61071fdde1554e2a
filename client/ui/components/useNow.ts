import { useEffect, useState } from "preact/hooks";

/** The page's clock in milliseconds, which draws its component again every `everyMs` while `runs`. */
export const useNow = (runs: boolean, everyMs = 100): number => {
  const [, draw] = useState(0);
  useEffect(() => {
    if (!runs) return;
    const timer = setInterval(() => draw(performance.now()), everyMs);
    return () => clearInterval(timer);
  }, [runs]);
  return performance.now();
};
