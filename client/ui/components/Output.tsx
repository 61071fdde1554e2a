import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import type { RunModel } from "../models/runModel.ts";
import { isUnderWay } from "../models/runState.ts";
import { OutputBlocks } from "./OutputBlocks.tsx";
import { useFollow } from "./useFollow.ts";

/** What a run gave so far: the newest of it, scrolled along while its end is in view. */
export const Output = ({ run, entry }: { run: RunModel; entry: HandlerEntry }) => {
  const { first, items } = run.output.value;
  const shape = run.shape.value;
  const state = run.state.value;
  const follow = useFollow<HTMLDivElement>(entry.streams ? first + items.length : 0);

  if (state.at === "idle") return null;
  return (
    <section class="output" aria-label="Output">
      <h3>Output {items.length > 1 && <small>{counted(first, items.length)}</small>}</h3>
      {items.length === 0
        ? <p class="quiet">{isUnderWay(state) ? "Nothing yet." : "No output."}</p>
        : (
          <div class="scroller" tabIndex={0} {...follow}>
            <OutputBlocks first={first} items={items} shape={shape} schema={entry.output} />
          </div>
        )}
    </section>
  );
};

const counted = (hidden: number, shown: number): string =>
  hidden === 0
    ? `${count(shown)} values`
    : `${count(hidden + shown)} values: the newest ${count(shown)} shown, ${
      count(hidden)
    } not shown`;

const count = (value: number): string => value.toLocaleString("en");
