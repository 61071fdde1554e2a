import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/**
 * Keeps the end of a scrolling element in view as it grows, until its reader scrolls away from it.
 * @param grown changes whenever there is more in it; 0 leaves it alone
 */
export const useFollow = <Scroller extends HTMLElement>(
  grown: number,
): { ref: RefObject<Scroller | null>; onScroll(): void } => {
  const ref = useRef<Scroller>(null);
  const follows = useRef(true);
  useLayoutEffect(() => {
    if (grown > 0 && follows.current) ref.current?.scrollTo(0, ref.current.scrollHeight);
  }, [grown]);
  return {
    ref,
    onScroll() {
      if (!ref.current) return;
      const { scrollTop, clientHeight, scrollHeight } = ref.current;
      follows.current = scrollTop + clientHeight >= scrollHeight - 8;
    },
  };
};
