import type { ComponentChildren } from "preact";
import type { OutputModel } from "../models/outputModel.ts";
import { useFollow } from "./useFollow.ts";

type Props = {
  output?: OutputModel;
  /** Whether the end is kept in view as it grows. */
  follows: boolean;
  /** Told where it is scrolled to. */
  onScrolled?(element: HTMLElement): void;
  children: ComponentChildren;
};

/** A box that scrolls; what comes while its reader looks at something above is a button away. */
export const Scroller = ({ output, follows, onScrolled, children }: Props) => {
  const { props, resume } = useFollow<HTMLDivElement>(
    output && follows ? output.shown.value.end : 0,
    output,
  );
  const fresh = output?.fresh.value ?? 0;
  return (
    <div class="scroll-box">
      <div
        class="scroller"
        role="group"
        aria-label="Values"
        tabIndex={0}
        ref={props.ref}
        onScroll={(event) => {
          props.onScroll();
          onScrolled?.(event.currentTarget);
        }}
      >
        {children}
      </div>
      {fresh > 0 && (
        <button type="button" class="fresh small" onClick={resume}>
          ↓ {fresh.toLocaleString("en")} new
        </button>
      )}
    </div>
  );
};
