import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

/** What is told when its reader scrolls away from the end, and back to it. */
export type Held = { hold(): void; follow(): void };

/** What a scrolling element is given, and how its reader comes back to the end. */
export type Follow<Scroller> = {
  props: { ref: RefObject<Scroller | null>; onScroll(): void };
  resume(): void;
};

/**
 * Keeps the end of a scrolling element in view as it grows, until its reader scrolls away from it.
 * @param grown changes whenever there is more in it; 0 leaves it alone
 */
export const useFollow = <Scroller extends HTMLElement>(
  grown: number,
  held?: Held,
): Follow<Scroller> => {
  const ref = useRef<Scroller>(null);
  const follows = useRef(true);
  const top = useRef(0);
  useLayoutEffect(() => {
    if (grown === 0 || !follows.current || !ref.current) return;
    ref.current.scrollTo(0, ref.current.scrollHeight);
    top.current = ref.current.scrollTop;
  }, [grown]);
  // Whoever comes back finds the newest, not what was held for who left.
  useLayoutEffect(() => () => held?.follow(), [held]);
  const onScroll = (): void => {
    if (grown === 0 || !ref.current) return;
    const { scrollTop, clientHeight, scrollHeight } = ref.current;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 8;
    // Content that grows or shrinks moves the end, not the reader.
    if (!isAtEnd && scrollTop >= top.current && follows.current) return;
    top.current = scrollTop;
    follows.current = isAtEnd;
    if (isAtEnd) held?.follow();
    else held?.hold();
  };
  const resume = (): void => {
    follows.current = true;
    held?.follow();
  };
  return { props: { ref, onScroll }, resume };
};
