import { useEffect, useRef, useState } from "preact/hooks";
import type { PageModel } from "../models/pageModel.ts";
import { shortcutOf } from "../models/shortcuts.ts";
import { Bench } from "./Bench.tsx";
import { ConnectionBanner } from "./ConnectionBanner.tsx";
import { ConnectionStatus } from "./ConnectionStatus.tsx";
import { Dialog } from "./Dialog.tsx";
import { Header } from "./Header.tsx";
import { onDemand } from "./onDemand.tsx";
import { ownLinks } from "./ownLinks.ts";
import { Sidebar } from "./Sidebar.tsx";
import { VIEWS } from "./views.ts";

const Finder = onDemand(({ Finder }) => Finder);
const Shortcuts = onDemand(({ Shortcuts }) => Shortcuts);
const SignIn = onDemand(({ SignIn }) => SignIn);

/** The whole page: what there is on one side, the selected handler or view on the other. */
export const App = ({ page }: { page: PageModel }) => {
  const { catalog, ownsWindow } = page;
  const { handler, theme = page.themes?.theme.value, readOnly } = page.scope.value;
  const bench = page.bench.value;
  const selected = page.selected.value;
  const [dialog, setDialog] = useState<"finder" | "shortcuts">();
  const root = useRef<HTMLDivElement>(null);
  const View = page.views.value.length > 0 ? VIEWS[selected] : undefined;
  // Within another page a landmark of ours would be one too many.
  const Main = ownsWindow ? "main" : "div";

  useEffect(() => {
    const element = root.current!;
    const onKey = (event: KeyboardEvent): void => {
      const shortcut = shortcutOf(event, event.composedPath()[0]);
      if (!shortcut || element.querySelector("dialog")) return;
      event.preventDefault();
      if (shortcut === "run") {
        element.querySelector<HTMLFormElement>(".bench form")?.requestSubmit();
      } else if (!page.scope.peek().handler) {
        setDialog(shortcut === "find" ? "finder" : "shortcuts");
      }
    };
    // What belongs to nobody else is pressed on the window, with the focus nowhere.
    const keyboard = ownsWindow ? globalThis : element;
    keyboard.addEventListener("keydown", onKey as EventListener);
    return () => keyboard.removeEventListener("keydown", onKey as EventListener);
  }, []);

  const onClose = () => setDialog(undefined);
  const connection = catalog.connection.value;
  const asked = connection.at === "refused" && connection.error.code === "UNAUTHENTICATED" &&
    page.access;
  return (
    <div
      class="plugboard"
      part="page"
      data-theme={theme}
      data-readonly={readOnly || undefined}
      ref={root}
      {...ownLinks(page)}
    >
      <div class="frame" data-view={handler ? "only" : selected || asked ? "bench" : "list"}>
        {!handler && <Header page={page} onDialog={setDialog} />}
        {!handler && <Sidebar page={page} />}
        <Main class="main" part="main">
          {handler && connection.at !== "ready" && <ConnectionStatus catalog={catalog} />}
          {handler && <ConnectionBanner page={page} />}
          {asked && <SignIn access={asked} id={`${page.id}-token`} />}
          {View
            ? <View page={page} />
            : bench
            ? <Bench key={bench.entry.value.type} bench={bench} page={page} />
            : <p class="quiet">{nothingShown(page)}</p>}
        </Main>
      </div>
      {dialog && (
        <Dialog label={dialog === "finder" ? "Find" : "Shortcuts"} onClose={onClose}>
          {dialog === "finder"
            ? <Finder page={page} onClose={onClose} />
            : <Shortcuts onClose={onClose} />}
        </Dialog>
      )}
    </div>
  );
};

const nothingShown = ({ selected, plugins, catalog }: PageModel): string => {
  if (!plugins.value) {
    return catalog.connection.value.at === "refused" ? "" : "Waiting for the list of plugins…";
  }
  if (selected.value === "") {
    if (plugins.value.length > 0) return "Choose a handler from the list.";
    return "A handler's form and output will be here.";
  }
  return `No worker has announced a handler "${selected}". It appears here as soon as one does.`;
};
