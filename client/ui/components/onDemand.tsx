import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

/**
 * A component that is loaded when it is first shown; until then it says that it is being loaded, or
 * could not be, unless something beside it says so (`isQuiet`).
 */
export const onDemand = <Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  { isQuiet = false }: { isQuiet?: boolean } = {},
): ComponentType<Props> => {
  let loaded: ComponentType<Props> | undefined;
  return (props: Props) => {
    const [state, setState] = useState<"waiting" | "failed" | "loaded">("waiting");
    useEffect(() => {
      let isWanted = state === "waiting";
      if (!isWanted) return;
      load().then((component) => {
        loaded = component;
        if (isWanted) setState("loaded");
      }, () => isWanted && setState("failed"));
      return () => void (isWanted = false);
    }, [state]);
    if (loaded) {
      const Loaded = loaded;
      return <Loaded {...props} />;
    }
    if (isQuiet) return null;
    if (state !== "failed") return <p class="quiet" role="status">Loading…</p>;
    return (
      <p role="alert">
        This part of the page could not be loaded.{" "}
        <button type="button" onClick={() => setState("waiting")}>Try again</button>
      </p>
    );
  };
};
