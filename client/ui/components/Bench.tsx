import { useLayoutEffect, useRef } from "preact/hooks";
import type { HandlerEntry } from "../../../common/schemas/catalog.ts";
import type { BenchModel } from "../models/benchModel.ts";
import { formatElapsed } from "../models/formatElapsed.ts";
import type { PageModel } from "../models/pageModel.ts";
import { CopyAs } from "./CopyAs.tsx";
import { InputForm } from "./InputForm.tsx";
import { LogLines } from "./LogLines.tsx";
import { Output } from "./Output.tsx";
import { RunError } from "./RunError.tsx";
import { RunStatus } from "./RunStatus.tsx";

/** One handler: what it does, its form, and what its newest run gave. */
export const Bench = ({ bench, page }: { bench: BenchModel; page: PageModel }) => {
  const { run } = bench;
  const { catalog, ownsWindow } = page;
  const { handler, readOnly } = page.scope.value;
  const entry = bench.entry.value;
  const state = run.state.value;
  const workers = catalog.workersFor(entry.type);
  const heading = useRef<HTMLHeadingElement>(null);
  // Who came here by a link goes on from here; what was focused may be gone, or scrolled away.
  useLayoutEffect(() => page.route.hasMoved() ? heading.current?.focus() : undefined, []);
  const Heading = ownsWindow && handler ? "h1" : "h2";
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
      <CopyAs bench={bench} url={page.url} />
      <RunStatus run={run} situation={{ connected, workers }} />
      {state.at === "failed" && (
        <RunError error={state.error} issues={bench.form.value.otherIssues.value} />
      )}
      <LogLines logs={run.logs.value} />
      <Output key={run.run.value} run={run} entry={entry} />
    </article>
  );
};

const factsOf = ({ streams, timeoutMs }: HandlerEntry, workers: number): string[] => [
  streams ? "streams" : "answers once",
  ...(timeoutMs === undefined ? [] : [`time limit ${formatElapsed(timeoutMs)}`]),
  workers === 1 ? "1 worker" : `${workers === 0 ? "no" : workers} workers`,
];
