import { useLayoutEffect, useRef } from "preact/hooks";
import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import type { BenchModel } from "../models/benchModel.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { PageModel } from "../models/pageModel.ts";
import { InputForm } from "./InputForm.tsx";
import { onDemand } from "./onDemand.tsx";

const Runs = onDemand(({ Runs }) => Runs);

/** One handler: what it does, its form, and its runs. */
export const Bench = ({ bench, page }: { bench: BenchModel; page: PageModel }) => {
  const { catalog, ownsWindow } = page;
  const { handler, readOnly } = page.scope.value;
  const entry = bench.entry.value;
  const workers = catalog.workersFor(entry.type);
  const heading = useRef<HTMLHeadingElement>(null);
  // Who came here by a link goes on from here; what was focused may be gone, or scrolled away.
  useLayoutEffect(() => page.route.hasMoved() ? heading.current?.focus() : undefined, []);
  const Heading = ownsWindow && handler ? "h1" : "h2";
  const { task } = catalog.gateway.value;
  const connected = catalog.connection.value.at === "ready";
  return (
    <article class="bench" part="bench">
      {!handler && <a class="back" href="#/">All plugins</a>}
      <Heading class="title" ref={heading} tabIndex={-1}>{entry.title ?? entry.type}</Heading>
      <p class="facts">
        <code>{entry.type}</code> {factsOf(entry, workers).join(" · ")}
      </p>
      {entry.description && <p class="description">{entry.description}</p>}
      <fieldset class="input" part="form" disabled={readOnly}>
        <InputForm bench={bench} />
      </fieldset>
      <Runs bench={bench} url={page.url} situation={{ connected, workers, task }} />
    </article>
  );
};

const factsOf = ({ streams, timeoutMs }: HandlerEntry, workers: number): string[] => [
  streams ? "streams" : "answers once",
  ...(timeoutMs === undefined ? [] : [`time limit ${formatElapsed(timeoutMs)}`]),
  workers === 1 ? "1\u00a0worker" : `${workers === 0 ? "no" : workers}\u00a0workers`,
];
